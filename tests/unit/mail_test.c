/*
 * The mail queue against real mail servers (tests/smtp/server.py): STARTTLS, TLS from the start, authentication, refusals for
 * good and for now, the hourly cap, bounces; and that without a server mails are kept.
 */
#include "t.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/enc.h"
#include "base/time.h"
#include "core/mail.h"
#include "core/setting.h"
#include "db/db.h"

/* The servers of one test. */
struct smtp {
	pid_t pid;
	FILE *said;
	int to_child;
	char ca[64];
	int starttls, tls, auth, plain;
};

static struct str next_line(struct t *t, struct smtp *s)
{
	char line[65536];

	if (!fgets(line, sizeof(line), s->said)) {
		return S("");
	}
	return str_trim(str_dup(t->mem, str_of(line)));
}

static bool run(const char *command)
{
	int status = system(command);

	return status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Starts them; false (and the test counts as skipped) where aiosmtpd is not installed. */
static bool smtp_start(struct t *t, struct smtp *s)
{
	int in[2], out[2];
	char dir[] = "/tmp/maillage-smtp-XXXXXX", key[64];

	*s = (struct smtp){0};
	if (!run("/usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null") || !run("command -v openssl >/dev/null")) {
		t->skipped = "no aiosmtpd here (scripts/install.sh test)";
		return false;
	}
	if (!mkdtemp(dir) || pipe(in) != 0 || pipe(out) != 0) {
		t_fail(t, T_AT("smtp_start"), "no folder or pipe");
		return false;
	}
	snprintf(s->ca, sizeof(s->ca), "%s/cert.pem", dir);
	snprintf(key, sizeof(key), "%s/key.pem", dir);
	if (!run(str_c(t->mem, str_fmt(t->mem,
				       "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
				       "-subj /CN=localhost "
				       "-addext subjectAltName=DNS:localhost -keyout %s -out %s 2>/dev/null",
				       key, s->ca)))) {
		t_fail(t, T_AT("smtp_start"), "openssl made no certificate");
		return false;
	}
	s->pid = fork();
	if (s->pid == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		(void)!freopen("/dev/null", "w", stderr);
		close(in[1]);
		close(out[0]);
		execl("/usr/bin/python3", "python3", "tests/smtp/server.py", s->ca, key, (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	s->to_child = in[1];
	s->said = fdopen(out[0], "r");
	struct str line = next_line(t, s);
	if (sscanf(str_c(t->mem, line), "ports %d %d %d %d", &s->starttls, &s->tls, &s->auth, &s->plain) != 4) {
		t_fail(t, T_AT("smtp_start"), "the servers did not start: %.*s", STR_ARG(line));
		return false;
	}
	return true;
}

static void smtp_stop(struct smtp *s)
{
	char dir[64], key[96];

	if (!s->pid) {
		return;
	}
	close(s->to_child);
	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
	fclose(s->said);
	snprintf(dir, sizeof(dir), "%s", s->ca);
	unlink(s->ca);
	*strrchr(dir, '/') = '\0';
	snprintf(key, sizeof(key), "%s/key.pem", dir);
	unlink(key);
	rmdir(dir);
}

/* Begins with a site of its own key; the mail server at `url`. */
static void use(struct t *t, struct str url, const struct smtp *s, const char *user, const char *password, bool plain,
		int64_t hourly)
{
	struct mail_server server = {.url = url,
				     .user = str_of(user),
				     .password = str_of(password),
				     .from = S("site@example.org"),
				     .from_name = S("Réseau"),
				     .ca_file = str_of(s->ca),
				     .plain = plain,
				     .hourly = hourly};

	T_OK(db_begin(t->db, DB_WRITE));
	T_OK(mail_server_set(t->db, t->mem, site_now(), &server, time_now()));
	T_OK(db_commit(t->db));
}

static struct str at(struct t *t, const char *scheme, int port)
{
	return str_fmt(t->mem, "%s://localhost:%d", scheme, port);
}

static void queue(struct t *t, const char *to)
{
	struct mail mail = {.to = str_of(to),
			    .lang = S("fr"),
			    .purpose = "test",
			    .subject = S("Bienvenue à toutes"),
			    .body = S("Bonjour,\n\n.une ligne qui commence par un point\nمرحبا\n")};

	T_OK(db_begin(t->db, DB_WRITE));
	T_OK(mail_queue(t->db, t->mem, site_now(), &mail));
	T_OK(db_commit(t->db));
}

static enum err send_now(struct t *t)
{
	struct job_ctx ctx = {.db = t->db, .mem = t->mem, .site = site_now(), .now = time_now()};
	struct job job = {.kind = S("mail"), .attempts = 1};

	return mail_job_send(&ctx, &job);
}

/* The `i`-th mail, newest first. */
static struct mail_item item(struct t *t, size_t i)
{
	struct mail_item *items, none = {.state = -1};
	size_t n = 0;

	if (mail_list(t->db, t->mem, site_now(), 0, &items, &n) != OK || i >= n) {
		return none;
	}
	return items[i];
}

/* The text of what a server took: "mail NAME FROM TO BASE64". */
static void took(struct t *t, struct smtp *s, const char *name, const char *to)
{
	struct str line = next_line(t, s), rest = line, message;

	T_STR(str_cut(&rest, ' '), "mail");
	T_EQ(str_cut(&rest, ' '), str_of(name));
	T_STR(str_cut(&rest, ' '), "site@example.org");
	T_EQ(str_cut(&rest, ' '), str_of(to));
	T_OK(dec_base64(t->mem, rest, &message));
	T_TRUE(str_find(message, S("From: ")) >= 0);
	T_TRUE(str_find(message, str_fmt(t->mem, "To: <%s>", to)) >= 0 ||
	       str_find(message, str_fmt(t->mem, "To: %s", to)) >= 0);
	T_TRUE(str_find(message, S("Subject: =?")) >= 0);
	T_TRUE(str_find(message, S("Message-ID: <")) >= 0);
	T_TRUE(str_find(message, S("Date: ")) >= 0);
}

static void kept_without_server(struct t *t)
{
	T_OK(site_load(t->db));
	queue(t, "amina@example.org");
	T_OK(send_now(t));
	T_EQ(item(t, 0).state, 3);
	T_STR(item(t, 0).to, "amina@example.org");
}

static void by_every_way(struct t *t)
{
	struct smtp s;

	if (smtp_start(t, &s)) {
		T_OK(site_load(t->db));
		use(t, at(t, "smtp", s.starttls), &s, "", "", false, 0);
		queue(t, "one@example.org");
		T_EQ((int)send_now(t), OK);
		took(t, &s, "starttls", "one@example.org");
		T_EQ(item(t, 0).state, 1);
		use(t, at(t, "smtps", s.tls), &s, "", "", false, 0);
		queue(t, "two@example.org");
		T_EQ((int)send_now(t), OK);
		took(t, &s, "tls", "two@example.org");
		use(t, at(t, "smtp", s.auth), &s, "site", "pass-wörd", false, 0);
		queue(t, "three@example.org");
		T_EQ((int)send_now(t), OK);
		took(t, &s, "auth", "three@example.org");
		use(t, at(t, "smtp", s.plain), &s, "", "", true, 0);
		queue(t, "four@example.org");
		T_EQ((int)send_now(t), OK);
		took(t, &s, "plain", "four@example.org");
	}
	smtp_stop(&s);
}

static void refusals(struct t *t)
{
	struct smtp s;

	if (smtp_start(t, &s)) {
		T_OK(site_load(t->db));
		use(t, at(t, "smtp", s.starttls), &s, "", "", false, 0);
		queue(t, "refused@example.org");
		T_EQ((int)send_now(t), OK); /* noted, and done with */
		T_STR(next_line(t, &s), "refused refused@example.org");
		T_EQ(item(t, 0).state, 2);
		T_TRUE(item(t, 0).error.n > 0);
		T_TRUE(str_find(item(t, 0).error, S("refused@")) < 0);
		queue(t, "later@example.org");
		queue(t, "well@example.org");
		T_EQ((int)send_now(t), E_REMOTE); /* the job comes again; the other mail left all the same */
		T_STR(next_line(t, &s), "later later@example.org");
		took(t, &s, "starttls", "well@example.org");
		T_EQ(item(t, 0).state, 1);
		T_EQ(item(t, 1).state, 0);
		T_EQ((int)send_now(t), OK);
		took(t, &s, "starttls", "later@example.org");
		T_EQ(item(t, 1).state, 1);
		T_EQ(item(t, 1).attempts, 2);
	}
	smtp_stop(&s);
}

static void no_trust(struct t *t)
{
	struct smtp s;

	if (smtp_start(t, &s)) {
		T_OK(site_load(t->db));
		/* A certificate that nobody vouches for; a server that offers no TLS; a wrong password: nothing leaves. */
		struct smtp without = s;
		snprintf(without.ca, sizeof(without.ca), "/etc/ssl/certs/ca-certificates.crt");
		use(t, at(t, "smtp", s.starttls), &without, "", "", false, 0);
		queue(t, "one@example.org");
		T_EQ((int)send_now(t), E_REMOTE);
		use(t, at(t, "smtp", s.plain), &s, "", "", false, 0);
		T_EQ((int)send_now(t), E_REMOTE);
		use(t, at(t, "smtp", s.auth), &s, "site", "wrong", false, 0);
		T_EQ((int)send_now(t), E_REMOTE);
		T_STR(next_line(t, &s), "badauth site");
		T_EQ(item(t, 0).state, 0);
	}
	smtp_stop(&s);
}

static void hourly_cap(struct t *t)
{
	struct smtp s;

	if (smtp_start(t, &s)) {
		T_OK(site_load(t->db));
		use(t, at(t, "smtp", s.starttls), &s, "", "", false, 2);
		for (int i = 0; i < 3; i++) {
			queue(t, str_c(t->mem, str_fmt(t->mem, "n%d@example.org", i)));
		}
		T_EQ((int)send_now(t), E_LIMIT);
		T_EQ(item(t, 0).state, 0);
		T_EQ(item(t, 1).state, 1);
		time_set(time_now() + 2 * TIME_HOUR);
		T_EQ((int)send_now(t), OK);
		T_EQ(item(t, 0).state, 1);
	}
	smtp_stop(&s);
}

static void bounces_and_erasing(struct t *t)
{
	struct job_ctx ctx;
	struct job job = {.kind = S("mail-erase")};
	int64_t n;

	T_OK(site_load(t->db));
	queue(t, "gone@example.org");
	T_OK(db_begin(t->db, DB_WRITE));
	T_ERR(E_NOTFOUND, mail_bounced(t->db, t->mem, site_now(), S("Subject: hello\n\nnothing\n"), &n));
	T_EQ((int)mail_bounced(t->db, t->mem, site_now(),
			       S("Action: failed\r\nFinal-Recipient: rfc822; gone@example.org\r\n"), &n),
	     E_NOTFOUND); /* never sent: cannot have come back */
	T_OK(db_commit(t->db));
	time_set(time_now() + 40 * TIME_DAY);
	ctx = (struct job_ctx){.db = t->db, .mem = t->mem, .site = site_now(), .now = time_now()};
	T_OK(mail_job_erase(&ctx, &job));
	T_EQ(item(t, 0).state, -1);
}

static const struct t_case cases[] = {
	{"a mail without a server is kept and can be read",                        kept_without_server, T_DB | T_SCHEMA},
	{"mail leaves by STARTTLS, TLS, with a password, and plainly where asked", by_every_way,        T_DB | T_SCHEMA},
	{"a refusal for good is noted, one for now tried again",                   refusals,            T_DB | T_SCHEMA},
	{"nothing is handed to a server that cannot be trusted",                   no_trust,            T_DB | T_SCHEMA},
	{"no more leaves in an hour than the host allows",                         hourly_cap,          T_DB | T_SCHEMA},
	{"old mails are erased",						   bounces_and_erasing, T_DB | T_SCHEMA},
};
T_SUITE(mail, cases)
