-- 正文提到某个词的报告 / Reports whose text mentions a word
-- zh: word 是一个字词（空白为“人工智能”），新的年份在前，最多 100 处。下载的数据库没有检索索引，可改用 sections.text LIKE。
-- en: word is one word (blank: 人工智能, artificial intelligence); newest years first, at most 100 passages. The database to download has no index for this: use sections.text LIKE there.
WITH asked AS (
  SELECT coalesce(nullif(replace(:word, ' ', ''), ''), '人工智能') AS word
),
hits AS (
  SELECT * FROM (
    SELECT rowid AS id FROM passage_words
    WHERE length(replace(:word, ' ', '')) != 1
      AND passage_words MATCH (SELECT coalesce(nullif(zh_match(word), ''), '"·"') FROM asked)
    ORDER BY rowid LIMIT 100
  )
  UNION ALL
  SELECT * FROM ( -- a single character begins too many pairs: it has an index of its own
    SELECT rowid AS id FROM passage_chars
    WHERE length(replace(:word, ' ', '')) = 1
      AND passage_chars MATCH (SELECT coalesce(nullif(replace(zh_match(word), ' *', ''), ''), '"·"') FROM asked)
    ORDER BY rowid LIMIT 100
  )
)
SELECT passages.report, reports.name, passages.year, sections.heading,
  substr(coalesce(sections.text, reports.title), max(1, instr(coalesce(sections.text, reports.title), word) - 30), 90)
    AS passage
FROM hits
CROSS JOIN asked
JOIN passages ON passages.id = hits.id
JOIN reports ON reports.id = passages.report
LEFT JOIN sections ON sections.id = passages.section
ORDER BY hits.id
