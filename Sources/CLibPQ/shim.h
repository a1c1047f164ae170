// libpq as Debian installs it; the include path comes from pkg-config (libpq).
#pragma once
#include <libpq-fe.h>
