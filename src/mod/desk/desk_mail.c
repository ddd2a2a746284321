/*
 * Mails of the desk, each in the language of whoever gets it.
 */
#include "../../core/account.h"
#include "../../core/mail.h"
#include "../../crypt/crypt.h"
#include "../../web/site.h"
#include "desk.h"

#define PURPOSE "proposal link"

struct req *desk_in(struct req *rq, struct str lang)
{
	struct req *other = mem_new(rq->mem, struct req);
	int at = site_lang_index(lang);

	*other = *rq;
	if (at >= 0) {
		other->lang = site_langs[at];
		other->i18n = lang_catalogue(site_langs[at]);
	}
	return other;
}

struct str desk_proposal_link(struct req *rq, const struct proposal *p, struct str token, const char *lang)
{
	if (!token.n) {
		token = crypt_sign(rq->mem, &rq->site->key, PURPOSE, str_fmt(rq->mem, "%lld", (long long)p->id), 0);
	}
	return link_absolute(rq, link_to(desk_in(rq, str_of(lang)), "/desk/p/:token", token)).s;
}

enum err desk_proposal_of_link(struct req *rq, struct proposal *out)
{
	struct str token = req_param(rq, "token"), id_text;
	int64_t id;
	enum err err = E_NOTFOUND;

	if (str_chr(token, '.') < 0) {
		err = proposal_by_token(rq->db, rq->mem, token, out);
	} else if (crypt_verify(rq->mem, &rq->site->key, PURPOSE, token, rq->now, &id_text) == OK && str_to_i64(id_text, &id)) {
		err = proposal_by_id(rq->db, rq->mem, id, out);
		if (err == OK && !out->mail.n && !out->account) {
			err = E_NOTFOUND; /* forgotten: nobody is behind the link any more */
		}
	}
	if (err == E_NOTFOUND) {
		return problem(rq, err, N_("This link is no longer good: what it led to has been decided long ago, or was taken back."));
	}
	return err;
}

static struct str site_name(const struct req *rq)
{
	return site_text_in(rq->site, &rq->site->name, rq->lang);
}

enum err desk_mail_received(struct req *rq, const struct proposal *p, struct str title, struct str token)
{
	struct req *in = desk_in(rq, p->lang);

	if (!p->mail.n) {
		return OK;
	}
	struct str link = desk_proposal_link(rq, p, token, in->lang);
	struct str body = T_FMT(in, N_("Hello,\n\nThank you for what you sent to {site} about “{title}”. A moderator will look at it.\n\n"
				       "With this link you can confirm your address, see where it stands, correct it or take it back:\n\n{link}\n\n"
				       "You did not send anything? Then open the link and take it back.\n"),
				{S("site"), site_name(in)}, {S("title"), title}, {S("link"), link});
	return mail_queue(rq->db, rq->mem, rq->site,
			  &(struct mail){.to = p->mail, .lang = str_of(in->lang), .purpose = "proposal",
					 .subject = T_FMT(in, N_("Your message about “{title}”"), {S("title"), title}), .body = body});
}

static const char *news_words(enum desk_news news)
{
	switch (news) {
	case NEWS_ACCEPTED:
		return N_("Hello,\n\nWhat you sent about “{title}” has been accepted. Thank you!\n\n{page}\n\n{reason}"
			  "To correct it or see where it stands:\n\n{link}\n");
	case NEWS_PARTLY:
		return N_("Hello,\n\nPart of what you sent about “{title}” has been accepted. Thank you!\n\n{page}\n\n{reason}"
			  "To see where it stands:\n\n{link}\n");
	case NEWS_REFUSED:
		return N_("Hello,\n\nWhat you sent about “{title}” has not been accepted.\n\n{reason}"
			  "You may look at it again here:\n\n{link}\n");
	case NEWS_ASKED:
		return N_("Hello,\n\nBefore publishing what you sent about “{title}”, a moderator asks you to complete it:\n\n{reason}"
			  "You can do it with this link, without an account:\n\n{link}\n");
	}
	return "";
}

/* The address to write to: given, or the account's. */
static enum err address_of(struct req *rq, const struct proposal *p, struct str *out)
{
	struct account a;

	*out = p->mail;
	if (p->mail.n || !p->account) {
		return OK;
	}
	enum err err = account_get(rq->db, rq->mem, rq->site, p->account, &a);
	if (err == OK && !a.closed) {
		*out = a.mail;
	}
	return err == E_NOTFOUND ? OK : err;
}

enum err desk_mail_news(struct req *rq, const struct proposal *p, const struct object *ob, enum desk_news news, struct str reason)
{
	struct req *in = desk_in(rq, p->lang);
	struct str to, title = ob ? ob->title : S("");

	TRY(address_of(rq, p, &to));
	if (!to.n) {
		return OK;
	}
	struct str body = T_FMT(in, news_words(news), {S("title"), title},
				{S("page"), ob ? link_absolute(rq, object_url(in, ob)).s : S("")},
				{S("reason"), reason.n ? str_fmt(rq->mem, "%.*s\n\n", STR_ARG(reason)) : S("")},
				{S("link"), desk_proposal_link(rq, p, S(""), in->lang)});
	return mail_queue(rq->db, rq->mem, rq->site,
			  &(struct mail){.to = to, .lang = str_of(in->lang), .purpose = "proposal",
					 .subject = T_FMT(in, N_("About “{title}”"), {S("title"), title}), .body = body});
}
