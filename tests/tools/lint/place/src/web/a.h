/* see /home/x */
