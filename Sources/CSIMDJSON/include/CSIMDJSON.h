// Reads JSON into flat arrays of tokens, on top of simdjson 3.0 (libsimdjson-dev).
//
// simdjson's first stage finds the structure of a text and checks its UTF-8 at gigabytes a second;
// the second stage is ours, because an event's numbers are needed as text (they never pass through
// a double), a lone surrogate must cost only the event that holds it, and Swift should make one
// call per event rather than one per field.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Containers nested deeper than this are an error: nothing that is read here needs more than 4.
#define TALLY_JSON_DEPTH_MAX 64

typedef enum {
    tally_json_null = 0,
    tally_json_false = 1,
    tally_json_true = 2,
    // A number without fraction or exponent that fits `integer`.
    tally_json_integer = 3,
    // Any other number; `text` is how it was written.
    tally_json_number = 4,
    tally_json_string = 5,
    // A string that had escapes; `text` is decoded and may hold NUL.
    tally_json_escaped_string = 6,
    // A string with an escaped surrogate that has no partner: not a text.
    tally_json_broken_string = 7,
    tally_json_array = 8,
    tally_json_object = 9,
} tally_json_type;

typedef struct {
    // Strings without their quotes, numbers as written, containers from their bracket on.
    const uint8_t *text;
    int64_t integer;
    uint32_t length;
    // How many tokens the value takes, contents included.
    uint32_t span;
    tally_json_type type;
} tally_json_token;

typedef enum {
    tally_json_ok = 0,
    tally_json_end,
    tally_json_empty,
    tally_json_expected_value,
    tally_json_expected_key,
    tally_json_expected_colon,
    tally_json_expected_comma,
    tally_json_trailing,
    tally_json_truncated,
    tally_json_bad_number,
    tally_json_bad_literal,
    tally_json_bad_escape,
    tally_json_control_character,
    tally_json_unclosed_string,
    tally_json_invalid_utf8,
    tally_json_too_deep,
    tally_json_too_long,
    // More elements, or tokens in one element, than the limits allow.
    tally_json_too_many_elements,
    tally_json_too_many_values,
    tally_json_no_memory,
} tally_json_status;

typedef struct tally_json tally_json;

// Returns NULL when memory is short.
//
// The limits are of the outermost array, and of one of its elements or the outermost value.
tally_json *tally_json_create(uint32_t elements_max, uint32_t tokens_max);
void tally_json_destroy(tally_json *json);

// Checks the whole text, which must stay where it is while tokens are read; no padding needed.
//
// After an error `tally_json_error_offset` says where it is.
tally_json_status tally_json_open(tally_json *json, const uint8_t *bytes, size_t count);
size_t tally_json_error_offset(const tally_json *json);
// The type of the opened text's outermost value.
tally_json_type tally_json_root(const tally_json *json);

// Reads the next element of the outermost array, or the outermost value itself, once.
//
// The tokens stay until the next call. An object's token is followed by key, value, key, value.
// Returns tally_json_end when there is no more, tally_json_no_memory, or tally_json_ok.
tally_json_status tally_json_next(
    tally_json *json, const tally_json_token **tokens, uint32_t *count);

// Whether the bytes are UTF-8 from end to end.
int tally_json_is_utf8(const uint8_t *bytes, size_t count);

#ifdef __cplusplus
}
#endif
