// The data built into the program, as UTF-8 texts that end with a zero byte.
//
// Each is a file beside this folder and a separate object: a program links only those it reads.
#ifndef BUILT_IN_H
#define BUILT_IN_H

/// The default price book, in the format of docs/prices.md.
const char *built_in_price_book(void);

/// Where the sources of the default price book say otherwise, and why; see PriceReasons.swift.
const char *built_in_price_disagreements(void);

/// Where the answers of providers keep their counts; the file says how to read it.
const char *built_in_extractors(void);

/// How many tokens models take and give; the file says how to read it.
const char *built_in_context_windows(void);

#endif
