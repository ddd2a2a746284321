/*
 * The administrator's room: how the site is, its settings, themes and vocabularies, mail and jobs. Rules are in core/.
 */
#ifndef MOD_ADMIN_ADMIN_H
#define MOD_ADMIN_ADMIN_H

struct module;
extern const struct module admin_module;

#endif
