void f(void)
{
	char *p = malloc(3); /* malloc(1) */
	x = "free(1)";
}
