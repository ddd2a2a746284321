#!/usr/bin/env python3
"""What a strict reader finds wrong in a feed (RFC 4287 for Atom, RSS 2.0 with the best practices of its board), one line each."""
import re
import sys
import xml.etree.ElementTree as ET

import feedparser

ATOM = "{http://www.w3.org/2005/Atom}"
DATE = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")
RFC822 = re.compile(r"^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (GMT|[+-]\d{4})$")


def atom(root, wrong):
    def one(where, name, what):
        n = len(where.findall(ATOM + name))
        if n != 1:
            wrong(f"{what} has {n} {name}")

    one(root, "id", "the feed")
    one(root, "title", "the feed")
    one(root, "updated", "the feed")
    ids = []
    if not any(link.get("rel") == "self" for link in root.findall(ATOM + "link")):
        wrong("the feed has no link to itself")
    for entry in root.findall(ATOM + "entry"):
        for name in ("id", "title", "updated"):
            one(entry, name, "an entry")
        if root.find(ATOM + "author") is None and entry.find(ATOM + "author") is None:
            wrong("an entry has no author")
        if entry.find(ATOM + "content") is None and not any(
            link.get("rel", "alternate") == "alternate" for link in entry.findall(ATOM + "link")
        ):
            wrong("an entry has neither content nor an alternate link")
        ids.append(entry.findtext(ATOM + "id"))
    if len(set(ids)) != len(ids):
        wrong("two entries share an id")
    for when in list(root.iter(ATOM + "updated")) + list(root.iter(ATOM + "published")):
        if not DATE.match(when.text or ""):
            wrong(f"{when.text} is no date of RFC 3339")
    for link in root.iter(ATOM + "link"):
        if not re.match(r"^https?://", link.get("href", "")):
            wrong(f"a link leads to {link.get('href')}")


def rss(root, wrong):
    if root.get("version") != "2.0":
        wrong("its version is not 2.0")
    channel = root.find("channel")
    for name in ("title", "link", "description"):
        if not channel.findtext(name):
            wrong(f"the channel has no {name}")
    if channel.find(ATOM + "link") is None or channel.find(ATOM + "link").get("rel") != "self":
        wrong("the channel has no link to itself")
    ids = []
    for item in channel.findall("item"):
        if not item.findtext("title") and not item.findtext("description"):
            wrong("an item has neither title nor description")
        ids.append(item.findtext("guid"))
        if item.find("pubDate") is not None and not RFC822.match(item.findtext("pubDate")):
            wrong(f"{item.findtext('pubDate')} is no date of RFC 822")
        if not re.match(r"^https?://", item.findtext("link") or "http://"):
            wrong(f"a link leads to {item.findtext('link')}")
    if len(set(ids)) != len(ids) or not all(ids):
        wrong("items without an identity of their own")


def main():
    data = sys.stdin.buffer.read()
    wrong = print
    root = ET.fromstring(data)
    (atom if root.tag == ATOM + "feed" else rss)(root, wrong)
    read = feedparser.parse(data)
    if read.bozo:
        wrong(f"feedparser: {read.bozo_exception}")
    if not read.version or not read.entries:
        wrong("feedparser finds no entries")
    for e in read.entries:
        if not (e.get("title") and e.get("link") and e.get("id")):
            wrong(f"feedparser misses a part of {e.get('id')}")


main()
