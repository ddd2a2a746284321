#include "mod/b/b.h"
