#include "html/out.h"
