#include "BuiltIn.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

const char *built_in_price_disagreements(void) {
    static const char text[] = {
#embed "price-disagreements.txt" suffix(, 0)
    };
    return text;
}
