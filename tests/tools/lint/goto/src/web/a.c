	goto out;
	goto fail;
