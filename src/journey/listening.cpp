#include "journey/listening.h"
