static int f(int a,
             int b)
{
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
}

static int g(void)
{
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
	x;
}
































































































































































































































































































































































































































































































