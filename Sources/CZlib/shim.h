// zlib as Debian installs it (zlib1g-dev).
#pragma once
#include <zlib.h>
