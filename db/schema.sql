-- The only schema. Every column carries its description (with its unit) as a comment on its own line;
-- the site shows these comments, so they are written for readers. Values are numbers or NULL, never words.

CREATE TABLE meta ( -- facts about this build
    key TEXT PRIMARY KEY, -- name of the fact, e.g. built_from = newest fetch that went in
    value TEXT -- its value as text
) STRICT;

CREATE TABLE divisions ( -- administrative divisions that a unit stands in, and all above them
    code TEXT PRIMARY KEY, -- division code: 2 digits province, 4 prefecture, 6 county, 9 township
    name TEXT NOT NULL, -- official name (zh)
    level TEXT NOT NULL CHECK (level IN ('province', 'prefecture', 'county', 'township')), -- administrative level
    parent TEXT REFERENCES divisions(code) -- the division above; empty for a province
) STRICT;

CREATE TABLE units ( -- organs that report, and the governments above them
    id TEXT PRIMARY KEY, -- division code, or code-kind (330382-nyncj)
    name TEXT NOT NULL, -- official name (zh)
    kind TEXT, -- government, government_office, department, street_office, zone_committee, vertical_organ
    level TEXT, -- province, prefecture, county, township
    division TEXT REFERENCES divisions(code), -- the division it stands in
    reports INTEGER NOT NULL DEFAULT 0 -- number of reports held (count)
) STRICT;

CREATE TABLE unit_relations ( -- which unit stands above which
    unit TEXT NOT NULL REFERENCES units(id), -- the lower unit
    parent TEXT NOT NULL REFERENCES units(id), -- a unit above it
    distance INTEGER NOT NULL, -- steps up (1 = directly above)
    PRIMARY KEY (unit, parent)
) STRICT;

CREATE TABLE portals ( -- government sites that are crawled
    slug TEXT PRIMARY KEY, -- our short name of the portal
    name TEXT, -- name of the site (zh)
    division TEXT, -- division code of the government that runs it
    platform TEXT, -- the content management system
    url TEXT, -- first entry address
    last_run TEXT, -- id of its newest run; empty where it was never crawled
    health TEXT NOT NULL DEFAULT 'never crawled' CHECK (health IN ('never crawled', 'ok', 'problems', 'failing')), -- what the newest run says
    failing TEXT -- why it needs a person; empty where it does not
) STRICT;

CREATE TABLE runs ( -- one row a crawl of a portal, as it counted itself
    id TEXT PRIMARY KEY, -- name of the run's file
    portal TEXT REFERENCES portals(slug), -- the portal crawled
    started TEXT, -- start, ISO 8601 UTC
    finished TEXT, -- end, ISO 8601 UTC; empty where the crawl was killed
    ok INTEGER NOT NULL, -- 1 where reports were seen and nothing went wrong; a run that found nothing is a failure
    requests INTEGER, -- requests made (count)
    listed INTEGER, -- titles seen in the lists (count)
    refused INTEGER, -- titles that only look like reports (count)
    reports INTEGER, -- reports seen, new or known (count)
    new INTEGER, -- documents that the run added (count)
    changed INTEGER, -- of these, new versions of an address that was known (count)
    unchanged INTEGER, -- reports asked for again that are as they were (count)
    gone INTEGER NOT NULL, -- reports that no list shows any more and that do not answer (count)
    bytes INTEGER, -- received over the wire (bytes)
    seconds INTEGER, -- from start to end (seconds)
    problems INTEGER NOT NULL, -- things that went wrong (count)
    blocked INTEGER NOT NULL, -- addresses that answered with a challenge, for a person to look at (count)
    errors TEXT, -- problems by kind, JSON object of counts
    failing TEXT, -- why the portal needs a person; empty where it is healthy
    record TEXT NOT NULL -- everything the run noted, as JSON
) STRICT;

CREATE TABLE documents ( -- files and pages as archived, one row a distinct sequence of bytes
    digest TEXT PRIMARY KEY, -- sha256: and 64 hex digits of the bytes
    media_type TEXT, -- media type, e.g. text/html
    url TEXT, -- the address it was first fetched from; empty for an imported file
    name TEXT, -- file name where it was imported
    title TEXT, -- title given by the portal
    publisher TEXT, -- publisher named by the portal
    published_on TEXT, -- date of publication named by the portal, ISO 8601
    first_fetched TEXT, -- first fetch, ISO 8601 UTC
    last_fetched TEXT, -- newest fetch, ISO 8601 UTC
    status TEXT NOT NULL CHECK (status IN ('read', 'failed', 'unread')), -- read, failed (see error) or not read yet
    error TEXT, -- why it could not be read
    error_place TEXT, -- where reading stopped
    remedy TEXT -- what would help
) STRICT;

CREATE TABLE fetches ( -- each time a document was fetched or imported
    id INTEGER PRIMARY KEY, -- running number in order of fetch
    document TEXT NOT NULL REFERENCES documents(digest), -- the bytes received
    fetched TEXT, -- when, ISO 8601 UTC
    url TEXT, -- from which address; empty for an imported file
    portal TEXT REFERENCES portals(slug), -- through which portal
    warc TEXT -- archive file that holds it
) STRICT;
CREATE INDEX fetches_document ON fetches(document);

CREATE TABLE rules ( -- every rule that can raise a finding
    id TEXT PRIMARY KEY, -- rule id, e.g. S08
    severity TEXT CHECK (severity IN ('error', 'warning', 'notice', 'info')), -- default severity
    zh TEXT, -- the rule as a sentence (zh)
    en TEXT, -- the rule as a sentence (en)
    formula TEXT, -- its trigger or formula
    source TEXT, -- the notice or law it rests on
    variants TEXT -- named variants with their own severity, as JSON
) STRICT;

CREATE TABLE reports ( -- one row a unit and year, with the headline figures
    id TEXT PRIMARY KEY, -- unit-year; -2, -3 for further different reports; x-… while the unit is unresolved
    name TEXT NOT NULL, -- unit and year in words (zh)
    unit TEXT REFERENCES units(id), -- the unit that reports; empty while unresolved
    division TEXT REFERENCES divisions(code), -- the division the unit stands in
    province TEXT REFERENCES divisions(code), -- its province
    level TEXT, -- administrative level of the unit
    kind TEXT, -- kind of the unit
    year INTEGER, -- the calendar year reported on
    scope TEXT NOT NULL CHECK (scope IN ('own', 'aggregate', 'unknown')), -- own figures, or summed over units below: never add the two together
    form TEXT NOT NULL, -- edition of the official form: 2014, 2019, 2021 or none
    title TEXT, -- title as printed (zh)
    published_on TEXT, -- date of publication, ISO 8601
    document TEXT NOT NULL REFERENCES documents(digest), -- the document it was read from
    first_fetched TEXT, -- when first fetched, ISO 8601 UTC
    reading TEXT NOT NULL, -- digest of everything read; it changes when anything read changes
    requests_new INTEGER, -- new requests in the year (requests, 件)
    carried_in INTEGER, -- requests carried in from the year before (requests, 件)
    closed INTEGER, -- requests closed in the year (requests, 件)
    granted INTEGER, -- requests granted in full (requests, 件)
    partly_granted INTEGER, -- requests granted in part (requests, 件)
    carried_out INTEGER, -- requests carried out into the next year (requests, 件)
    reconsiderations INTEGER, -- administrative reconsiderations, total (cases, 件)
    reconsiderations_corrected INTEGER, -- reconsiderations in which the organ was corrected (cases, 件)
    lawsuits INTEGER, -- lawsuits, direct and after reconsideration (cases, 件); empty unless both totals were read
    errors INTEGER NOT NULL DEFAULT 0, -- findings of severity error (count)
    warnings INTEGER NOT NULL DEFAULT 0 -- findings of severity warning (count)
) STRICT;
CREATE INDEX reports_unit ON reports(unit, year);
CREATE INDEX reports_year ON reports(year);
CREATE INDEX reports_document ON reports(document);
CREATE INDEX reports_newest ON reports(first_fetched);
CREATE INDEX reports_division ON reports(division);
CREATE INDEX reports_province ON reports(province);

CREATE TABLE report_documents ( -- every document that carries a report; the same report at two addresses has two
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    document TEXT NOT NULL REFERENCES documents(digest), -- a document that carries it
    PRIMARY KEY (report, document)
) STRICT;
CREATE INDEX report_documents_document ON report_documents(document);

CREATE TABLE report_versions ( -- readings of documents that were later replaced at the same address
    report TEXT NOT NULL REFERENCES reports(id), -- the report that stands now
    document TEXT NOT NULL REFERENCES documents(digest), -- the document that was replaced
    first_fetched TEXT, -- when first fetched, ISO 8601 UTC
    title TEXT, -- title as printed then (zh)
    requests_new INTEGER, -- new requests as printed then (requests, 件)
    closed INTEGER, -- requests closed as printed then (requests, 件)
    record TEXT NOT NULL, -- the whole reading as JSON
    PRIMARY KEY (report, document)
) STRICT;

CREATE TABLE disclosures ( -- table 二: documents, decisions and money
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    item TEXT NOT NULL, -- what is counted, e.g. regulations, licensing, fees
    measure TEXT NOT NULL, -- which figure of it, e.g. issued, in_force, decisions, amount
    value REAL, -- the figure; empty where no number was read
    unit TEXT, -- unit of the value: 件 (count), 项 (items) or 元 (yuan); empty where the print leaves it open
    PRIMARY KEY (report, item, measure)
) STRICT;

CREATE TABLE applications ( -- table 三: requests by outcome (rows) and applicant (columns); requests, 件
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    position INTEGER NOT NULL, -- order of the row as printed
    outcome TEXT NOT NULL, -- the row, e.g. new, granted, refused.third_party, closed
    natural_person INTEGER, -- natural persons 自然人 (requests, 件)
    business INTEGER, -- businesses 商业企业 (requests, 件)
    research INTEGER, -- research institutions 科研机构 (requests, 件)
    nonprofit INTEGER, -- public-interest organisations 社会公益组织 (requests, 件)
    legal_service INTEGER, -- legal service organisations 法律服务机构 (requests, 件)
    other_organisation INTEGER, -- other organisations 其他 (requests, 件)
    total INTEGER, -- total 总计 as printed (requests, 件)
    PRIMARY KEY (report, outcome)
) STRICT;

CREATE TABLE disputes ( -- table 四: reconsiderations and lawsuits; cases, 件
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    channel TEXT NOT NULL, -- reconsideration, litigation_direct, litigation_after_reconsideration
    upheld INTEGER, -- result upheld 结果维持 (cases, 件)
    corrected INTEGER, -- result corrected 结果纠正 (cases, 件)
    other INTEGER, -- other result 其他结果 (cases, 件)
    pending INTEGER, -- not yet concluded 尚未审结 (cases, 件)
    total INTEGER, -- total 总计 as printed (cases, 件)
    PRIMARY KEY (report, channel)
) STRICT;

CREATE TABLE statistics ( -- the statistics table of the 2014 form
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    indicator TEXT NOT NULL, -- the row of the form
    value REAL, -- the figure; empty where no number was read
    unit TEXT, -- printed unit
    PRIMARY KEY (report, indicator)
) STRICT;

CREATE TABLE cells ( -- the exceptional cells only: not a plain number, corrected, or flagged
    id INTEGER PRIMARY KEY, -- running number
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    table_name TEXT NOT NULL, -- disclosures, applications, disputes or statistics
    row_name TEXT NOT NULL, -- the row, by our name
    column_name TEXT, -- the column, by our name; empty where the whole row is meant
    class TEXT NOT NULL CHECK (class IN ('number', 'annotated', 'blank', 'not_applicable', 'text', 'unassigned')), -- what stands in the cell
    raw TEXT, -- as printed; a JSON list where a whole row could not be assigned
    value REAL, -- the number read from it, in the unit of the table
    unit TEXT, -- unit as printed
    note TEXT, -- remark printed beside the number
    confidence REAL, -- confidence of recognised text, 0 to 1; empty where the text is digital
    place TEXT, -- where in the document, as JSON
    reason TEXT -- why it is listed: rule ids, short_row or corrected
) STRICT;
CREATE INDEX cells_report ON cells(report);

CREATE TABLE derived ( -- values that arithmetic determines uniquely; never stand in place of the print
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    table_name TEXT NOT NULL, -- the table
    row_name TEXT NOT NULL, -- the row
    column_name TEXT NOT NULL, -- the column
    value REAL NOT NULL, -- the value that follows, in the unit of the table
    relation TEXT, -- the relation it follows from, in words
    assumed_zero INTEGER NOT NULL DEFAULT 0, -- 1 where a blank had to be taken as zero
    PRIMARY KEY (report, table_name, row_name, column_name)
) STRICT;

CREATE TABLE sections ( -- the text of a report by section
    id INTEGER PRIMARY KEY, -- running number
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    number INTEGER NOT NULL, -- 1 to 6 by its words; 0 for what stands before the first
    heading TEXT, -- heading as printed (zh)
    text TEXT NOT NULL -- text as printed (zh)
) STRICT;
CREATE INDEX sections_report ON sections(report);

CREATE TABLE statements ( -- figures stated in the prose
    id INTEGER PRIMARY KEY, -- running number
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    kind TEXT NOT NULL, -- what is counted, e.g. requests_received
    value REAL, -- the figure, in the unit beside it
    unit TEXT, -- unit as printed
    quote TEXT, -- the words it was read from (zh)
    place TEXT -- where in the document, as JSON
) STRICT;
CREATE INDEX statements_report ON statements(report);

CREATE TABLE contacts ( -- the contact printed in a report
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    field TEXT NOT NULL, -- e.g. address, telephone, email
    value TEXT, -- as printed
    PRIMARY KEY (report, field)
) STRICT;

CREATE TABLE findings ( -- what the rules have to say about reports
    id INTEGER PRIMARY KEY, -- running number
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    rule TEXT NOT NULL REFERENCES rules(id), -- the rule
    severity TEXT NOT NULL CHECK (severity IN ('error', 'warning', 'notice', 'info')), -- error, warning, notice or info
    origin TEXT NOT NULL CHECK (origin IN ('source', 'extraction', 'unknown')), -- who can be blamed: the source, our reading (extraction), or it cannot be told
    table_name TEXT, -- table of the cell it stands at
    row_name TEXT, -- row of the cell
    column_name TEXT, -- column of the cell
    message TEXT NOT NULL, -- the finding in words
    quote TEXT, -- the words or figures it rests on, as printed
    place TEXT, -- where in the document, as JSON
    left_value REAL, -- left side of the relation, in the unit of the table
    right_value REAL, -- right side of the relation, in the unit of the table
    delta REAL, -- difference of the two sides, in the unit of the table
    fingerprint TEXT NOT NULL -- stable over rebuilds; a review refers to it
) STRICT;
CREATE INDEX findings_report ON findings(report);
CREATE INDEX findings_rule ON findings(rule);
CREATE INDEX findings_severity ON findings(severity);
CREATE INDEX findings_fingerprint ON findings(fingerprint);

CREATE TABLE not_assessable ( -- checks over several reports whose operand is missing: neither passed nor failed
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    rule TEXT NOT NULL REFERENCES rules(id), -- the rule
    place TEXT NOT NULL, -- table, row and column it would have stood at, as JSON
    PRIMARY KEY (report, rule, place)
) STRICT;

CREATE TABLE corrections ( -- values set by a person after looking at the original
    id INTEGER PRIMARY KEY, -- running number in the file
    made_on TEXT, -- date, ISO 8601
    made_by TEXT, -- who
    document TEXT NOT NULL, -- digest of the document corrected
    table_name TEXT NOT NULL, -- the table
    row_name TEXT NOT NULL, -- the row
    column_name TEXT NOT NULL, -- the column
    value REAL, -- the value that stands in the original, in the unit of the table
    reason TEXT, -- why
    applied INTEGER NOT NULL DEFAULT 0 -- 1 where the document is held and the value was set
) STRICT;

CREATE TABLE reviews ( -- what a person decided about a finding
    id INTEGER PRIMARY KEY, -- running number in the file
    made_on TEXT, -- date, ISO 8601
    made_by TEXT, -- who
    report TEXT NOT NULL, -- id of the report; not a key, because a report may go
    fingerprint TEXT NOT NULL, -- fingerprint of the finding
    verdict TEXT NOT NULL CHECK (verdict IN ('confirmed', 'rejected', 'open')), -- confirmed, rejected or still open
    comment TEXT -- in words
) STRICT;
CREATE INDEX reviews_finding ON reviews(report, fingerprint);
