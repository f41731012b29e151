-- A ledger as the first release left it (SQLite's .dump): one batch, one row filed, one perhaps filed.
BEGIN TRANSACTION;
CREATE TABLE attempts (
	filing_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	worker TEXT NOT NULL, 
	begun_at DATETIME NOT NULL, 
	PRIMARY KEY (filing_id, number), 
	FOREIGN KEY(filing_id) REFERENCES filings (id)
);
INSERT INTO "attempts" VALUES(1,1,'alpha:7','2026-11-20 01:02:03.456789');
INSERT INTO "attempts" VALUES(2,1,'alpha:7','2026-11-20 01:02:03.456789');
CREATE TABLE batch_filings (
	batch_id VARCHAR(32) NOT NULL, 
	"row" INTEGER NOT NULL, 
	filing_id INTEGER NOT NULL, 
	row_hash VARCHAR(64) NOT NULL, 
	PRIMARY KEY (batch_id, "row"), 
	FOREIGN KEY(batch_id) REFERENCES batches (id), 
	FOREIGN KEY(filing_id) REFERENCES filings (id)
);
INSERT INTO "batch_filings" VALUES('B20261120-1',2,1,'0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO "batch_filings" VALUES('B20261120-1',3,2,'0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO "batch_filings" VALUES('B20261120-1',4,3,'0000000000000000000000000000000000000000000000000000000000000000');
CREATE TABLE batches (
	id VARCHAR(32) NOT NULL, 
	name TEXT NOT NULL, 
	workbook TEXT NOT NULL, 
	workbook_sha256 VARCHAR(64) NOT NULL, 
	evidence TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (workbook)
);
INSERT INTO "batches" VALUES('B20261120-1','批次.xlsx','/台账/批次.xlsx','0000000000000000000000000000000000000000000000000000000000000000','/证据/B20261120-1','2026-11-20 01:02:03.456789');
CREATE TABLE filings (
	id INTEGER NOT NULL, 
	portal VARCHAR(64) NOT NULL, 
	item VARCHAR(64) NOT NULL, 
	year INTEGER NOT NULL, 
	code VARCHAR(32) NOT NULL, 
	employer TEXT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (portal, item, year, code)
);
INSERT INTO "filings" VALUES(1,'henan','稳岗返还',2024,'91410100MA0000001X','试验企业1有限公司');
INSERT INTO "filings" VALUES(2,'henan','稳岗返还',2024,'91410100MA00000021','试验企业2有限公司');
INSERT INTO "filings" VALUES(3,'henan','稳岗返还',2024,'91410100MA00000034','试验企业3有限公司');
CREATE TABLE intents (
	filing_id INTEGER NOT NULL, 
	attempt INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (filing_id), 
	FOREIGN KEY(filing_id) REFERENCES filings (id)
);
INSERT INTO "intents" VALUES(1,1,'2026-11-20 01:02:03.456789');
INSERT INTO "intents" VALUES(2,1,'2026-11-20 01:02:03.456789');
CREATE TABLE ledger_schema (
	version INTEGER NOT NULL, 
	PRIMARY KEY (version)
);
INSERT INTO "ledger_schema" VALUES(1);
CREATE TABLE outcomes (
	filing_id INTEGER NOT NULL, 
	attempt INTEGER NOT NULL, 
	verdict VARCHAR(32) NOT NULL, 
	explanation TEXT NOT NULL, 
	advice TEXT NOT NULL, 
	record JSON, 
	submitted_at DATETIME, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (filing_id, attempt), 
	FOREIGN KEY(filing_id) REFERENCES filings (id)
);
INSERT INTO "outcomes" VALUES(1,1,'SUBMITTED','在办理进度查询中查到','','{"item": "\u7a33\u5c97\u8fd4\u8fd8\u7533\u8bf7", "subject": "\u8bd5\u9a8c\u4f01\u4e1a1\u6709\u9650\u516c\u53f8", "serial": "4113002026000001"}','2026-11-20 01:02:03.456789','2026-11-20 01:02:03.456789');
INSERT INTO "outcomes" VALUES(2,1,'UNCONFIRMED','未查到','',NULL,NULL,'2026-11-20 01:02:03.456789');
CREATE TABLE requests (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	batch_id VARCHAR(32), 
	filing_id INTEGER, 
	kind VARCHAR(32) NOT NULL, 
	employer TEXT NOT NULL, 
	portal VARCHAR(64) NOT NULL, 
	question TEXT NOT NULL, 
	detail JSON NOT NULL, 
	picture BLOB, 
	picture_type VARCHAR(64) NOT NULL, 
	picture_number INTEGER NOT NULL, 
	refreshable BOOLEAN NOT NULL, 
	refresh_by TEXT, 
	created_at DATETIME NOT NULL, 
	deadline DATETIME NOT NULL, 
	answer TEXT, 
	answered_by TEXT, 
	answered_at DATETIME, 
	closed_at DATETIME, 
	FOREIGN KEY(batch_id) REFERENCES batches (id), 
	FOREIGN KEY(filing_id) REFERENCES filings (id)
);
INSERT INTO "requests" VALUES(1,'B20261120-1',1,'captcha','试验企业1有限公司','henan','请输入验证码','{}',NULL,'',0,0,NULL,'2026-11-20 01:02:03.456789','2026-11-20 01:02:03.456789',NULL,'王经办','2026-11-20 01:02:03.456789','2026-11-20 01:02:03.456789');
CREATE INDEX filings_code ON filings (code);
CREATE INDEX ix_batch_filings_filing_id ON batch_filings (filing_id);
CREATE INDEX requests_open ON requests (closed_at, deadline);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('requests',1);
COMMIT;
