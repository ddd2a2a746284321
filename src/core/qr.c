/*
 * One path of one-module squares; classes only, so that the strict content policy has nothing to refuse.
 */
#include <qrencode.h>

#include "../html/out.h"
#include "qr.h"

enum { QUIET = 4, SVG_MAX = 256 * 1024 };

enum err qr_svg(struct mem *m, struct str text, struct str title, struct html *out)
{
	struct buf b = buf_make(m, SVG_MAX);
	struct out o = {.buf = &b, .mem = m};
	QRcode *code = QRcode_encodeData((int)text.n, (const unsigned char *)text.p, 0, QR_ECLEVEL_M);
	int side;

	if (!code) {
		return E_LIMIT;
	}
	side = code->width + 2 * QUIET;
	buf_fmt(&b, "<svg class=\"qr\" viewBox=\"0 0 %d %d\" width=\"220\" height=\"220\" role=\"img\"><title>", side, side);
	html_escape(&b, title);
	buf_fmt(&b, "</title><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path fill=\"#000\" d=\"", side, side);
	for (int y = 0; y < code->width; y++) {
		for (int x = 0; x < code->width; x++) {
			if (code->data[y * code->width + x] & 1) {
				buf_fmt(&b, "M%d %dh1v1h-1z", x + QUIET, y + QUIET);
			}
		}
	}
	buf_put(&b, S("\"/></svg>"));
	QRcode_free(code);
	*out = html_made(&o);
	return buf_ok(&b) ? OK : E_LIMIT;
}

enum err qr_modules(struct mem *m, struct str text, unsigned char **modules, int *side)
{
	QRcode *code = QRcode_encodeData((int)text.n, (const unsigned char *)text.p, 0, QR_ECLEVEL_M);

	if (!code) {
		return E_LIMIT;
	}
	*side = code->width;
	*modules = mem_get(m, (size_t)(code->width * code->width));
	for (int i = 0; i < code->width * code->width; i++) {
		(*modules)[i] = code->data[i] & 1;
	}
	QRcode_free(code);
	return OK;
}
