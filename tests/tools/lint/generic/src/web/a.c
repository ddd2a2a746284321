#define X(a) _Generic((a), int: 1)
