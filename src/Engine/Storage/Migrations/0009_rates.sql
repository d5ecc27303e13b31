-- Up to when a surface wants to be left alone, and with what: a method of Slack's, an account's installation on GitHub.
CREATE TABLE rate_holds (
    scope TEXT PRIMARY KEY,
    until BIGINT NOT NULL
);

-- When the place of a conversation was found to be gone; nothing is sent there any more until somebody asks there again.
ALTER TABLE conversations ADD COLUMN lost_at BIGINT;

-- What a message shows that people wait for. Where it is gone before it showed that, it is posted once more. Of an earlier version's it is
-- believed that they have shown the answer.
ALTER TABLE surface_messages ADD COLUMN answered TEXT;
UPDATE surface_messages SET answered = 'answer';
