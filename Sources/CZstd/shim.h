// Zstandard as Debian installs it (libzstd-dev).
#pragma once
#include <zstd.h>
