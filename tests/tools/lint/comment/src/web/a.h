/* The file. */
#ifndef A

int f(void);

/* Two. */
int g(void);
int h(void);

int i(void); /* beside */

#endif
