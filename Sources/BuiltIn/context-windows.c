#include "BuiltIn.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

const char *built_in_context_windows(void) {
    static const char text[] = {
#embed "context-windows.txt" suffix(, 0)
    };
    return text;
}
