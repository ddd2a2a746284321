/* see /work/x */
