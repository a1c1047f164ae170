#include "BuiltIn.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

const char *built_in_extractors(void) {
    static const char text[] = {
#embed "extractors.txt" suffix(, 0)
    };
    return text;
}
