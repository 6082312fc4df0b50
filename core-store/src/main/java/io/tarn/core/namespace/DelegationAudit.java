package io.tarn.core.namespace;

import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.DelegationRecord;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.ReservedInodes;

/** Delegations are of directories that are there, by sessions that are open, listed for both and counted; no inode is there that is set aside. */
final class DelegationAudit {
    private final KeyValueReader store;
    private final Findings findings;
    private long counted;
    private long listed;

    DelegationAudit(final KeyValueReader store, final Findings findings) {
        this.store = store;
        this.findings = findings;
    }

    void run() {
        FamilyRows.forEach(store, Families.DELEGATION, (key, value) -> {
            counted++;
            delegation(Keys.lastLong(key), Records.parse(DelegationRecord.parser(), value));
        });
        FamilyRows.forEach(store, Families.DELEGATED, (key, value) -> listed++);
        findings.expect(
                counted == listed && counted == Delegations.count(store),
                "%d directories are delegated, %d are listed for sessions, %d are counted",
                counted,
                listed,
                Delegations.count(store));
        FamilyRows.forEach(store, Families.RESERVED, (key, value) -> {
            final ReservedInodes range = Records.parse(ReservedInodes.parser(), value);
            findings.expect(
                    isOpen(Keys.longAt(key, 0)) && range.getNext() < range.getEnd(),
                    "inodes from %x on are set aside for session %x, which is not open, or there are none",
                    range.getNext(),
                    Keys.longAt(key, 0));
            FamilyRows.forEach(store, Families.INODE, Keys.of(range.getNext()), (id, inode) -> {
                findings.add("inode %x is set aside and is there", Keys.lastLong(id));
            });
        });
    }

    private boolean isOpen(final long session) {
        return store.get(Families.SESSION, Keys.of(session)).isPresent();
    }

    private void delegation(final long directory, final DelegationRecord delegation) {
        findings.expect(
                Records.inode(store, directory)
                        .filter(inode -> inode.getType() == FileType.DIRECTORY
                                && inode.getExplicit()
                                && inode.getVolume() == delegation.getVolume())
                        .map(Inode::getVolume)
                        .isPresent(),
                "directory %x is delegated, and is no explicit directory of its volume",
                directory);
        findings.expect(
                isOpen(delegation.getSession())
                        && store.get(Families.DELEGATED, Keys.of(delegation.getSession(), directory))
                                .isPresent(),
                "directory %x is delegated to session %x, which is not open or does not list it",
                directory,
                delegation.getSession());
    }
}
