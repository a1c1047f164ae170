#include "BuiltIn.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

const char *built_in_price_book(void) {
    static const char text[] = {
#embed "prices.yaml" suffix(, 0)
    };
    return text;
}
