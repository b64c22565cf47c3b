-- 某地的报告与主要数字 / The reports of a place and their headline figures
-- zh: place 是行政区划代码（含其下各级，空白为全国），year 是年份（空白为全部）。最多 500 行；空格表示没有读到数字，不是 0。
-- en: place is a division code and takes all below it (blank: the whole country), year a year (blank: all). At most 500 rows; an empty cell means that no number was read, not 0.
SELECT id AS report, name, year, scope, form, requests_new, carried_in, granted, partly_granted, closed, carried_out,
  reconsiderations, reconsiderations_corrected, lawsuits, errors, warnings
FROM reports
WHERE id >= :place AND id < :place || iif(:place = '', '~', ':') AND (:year = '' OR year = CAST(:year AS INTEGER))
ORDER BY id
LIMIT 500
