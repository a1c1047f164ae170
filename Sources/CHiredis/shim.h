// Speaks to a Redis server. Swift cannot call variadic functions; `redisCommandArgv` takes an array.
#ifndef TALLY_HIREDIS_SHIM_H
#define TALLY_HIREDIS_SHIM_H

#include <hiredis/hiredis.h>

#endif
