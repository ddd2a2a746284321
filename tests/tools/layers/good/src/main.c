#include "cmd/serve.h"
