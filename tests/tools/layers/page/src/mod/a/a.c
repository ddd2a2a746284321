#include "b_x.html.h"
