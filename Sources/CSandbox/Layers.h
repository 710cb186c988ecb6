#ifndef MOONGATE_LAYERS_H
#define MOONGATE_LAYERS_H

#include <stdbool.h>

// Each returns whether the layer holds. Both need no-new-privileges.
bool enter_landlock(void);
bool enter_seccomp(void);

#endif
