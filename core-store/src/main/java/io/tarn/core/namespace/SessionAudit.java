package io.tarn.core.namespace;

import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.SessionRecord;
import java.util.Optional;

/** Replies are kept for open sessions, and only for what the client may still ask again. */
final class SessionAudit {
    private final KeyValueReader store;
    private final Findings findings;

    SessionAudit(final KeyValueReader store, final Findings findings) {
        this.store = store;
        this.findings = findings;
    }

    void run() {
        FamilyRows.forEachPrefix(store, Families.REPLY, this::session);
    }

    private void session(final long id) {
        final Optional<SessionRecord> session =
                Records.get(store, Families.SESSION, Keys.of(id), SessionRecord.parser());
        if (session.isEmpty()) {
            findings.add("replies are kept for session %x, which is not open", id);
            return;
        }
        final long below = session.get().getAcknowledgedBelow();
        FamilyRows.forEach(
                store,
                Families.REPLY,
                Keys.of(id),
                (key, value) -> findings.expect(
                        Keys.lastLong(key) >= below,
                        "session %x acknowledged all replies below %d, number %d is still kept",
                        id,
                        below,
                        Keys.lastLong(key)));
    }
}
