-- name: practice_most_reused :many
-- scan: groups the links by what they lead to; practices and their reuses are counted in hundreds
SELECT o.slug, count(*) AS reuses_int
  FROM object_link AS l
  JOIN object AS o ON o.id = l.to_id AND o.status = 2
  JOIN object AS f ON f.id = l.from_id AND f.status = 2
 WHERE l.verb = 'reuses' AND l.to_id IS NOT NULL
 GROUP BY o.slug
 ORDER BY 2 DESC, 1
 LIMIT 40;
