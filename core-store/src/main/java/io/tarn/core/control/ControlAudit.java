package io.tarn.core.control;

import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.wire.KeyRecord;
import io.tarn.core.wire.TenantRecord;
import io.tarn.core.wire.UserRecord;
import io.tarn.core.wire.VolumeRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks every reference and count among the control group's records, on a frozen store. */
final class ControlAudit {
    private final KeyValueReader store;
    private final List<String> findings = new ArrayList<>();
    private final Map<String, UserRecord> users = new HashMap<>();
    private final Map<String, Integer> usersOfTenant = new HashMap<>();
    private final Map<String, Integer> volumesOfTenant = new HashMap<>();
    private final Map<String, Integer> volumesOfUser = new HashMap<>();

    private ControlAudit(final KeyValueReader store) {
        this.store = store;
    }

    /** What is wrong, in words; empty when all is well. */
    static List<String> of(final KeyValueReader store) {
        final ControlAudit audit = new ControlAudit(store);
        ControlView.each(store, ControlKeys.allUsers(), UserRecord.parser(), audit::collect);
        ControlView.each(store, ControlKeys.volumes(), VolumeRecord.parser(), audit::collect);
        ControlView.each(store, ControlKeys.tenants(), TenantRecord.parser(), audit::check);
        audit.usersOfTenant.forEach(
                (tenant, count) -> audit.find(count + " users of tenant " + tenant + ", which does not exist"));
        audit.volumesOfTenant.forEach(
                (tenant, count) -> audit.find(count + " volumes of tenant " + tenant + ", which does not exist"));
        audit.users.values().forEach(audit::check);
        audit.volumesOfUser.forEach(
                (user, count) -> audit.find(count + " volumes of user " + user + ", who does not exist"));
        ControlView.each(store, ControlKeys.keys(), KeyRecord.parser(), audit::check);
        return audit.findings;
    }

    private void collect(final UserRecord user) {
        users.put(name(user.getTenant(), user.getName()), user);
        usersOfTenant.merge(user.getTenant(), 1, Integer::sum);
    }

    private void collect(final VolumeRecord volume) {
        volumesOfTenant.merge(volume.getTenant(), 1, Integer::sum);
        volumesOfUser.merge(name(volume.getTenant(), volume.getOwner()), 1, Integer::sum);
        final byte[] key = ControlKeys.volumeId(volume.getId());
        final boolean indexed = store.get(ControlKeys.FAMILY, key)
                .map(bytes -> ControlDraft.parse(VolumeRecord.parser(), bytes, key))
                .filter(index -> index.getName().equals(volume.getName()))
                .isPresent();
        if (!indexed) {
            find("volume " + volume.getName() + " is not found by its number " + volume.getId());
        }
    }

    private void check(final TenantRecord tenant) {
        count("tenant " + tenant.getName(), "users", tenant.getUsers(), usersOfTenant.remove(tenant.getName()));
        count("tenant " + tenant.getName(), "volumes", tenant.getVolumes(), volumesOfTenant.remove(tenant.getName()));
    }

    private void check(final UserRecord user) {
        final String name = name(user.getTenant(), user.getName());
        count("user " + name, "volumes", user.getVolumes(), volumesOfUser.remove(name));
        final byte[] uid = ControlKeys.uid(user.getTenant(), user.getUid());
        final boolean indexed = store.get(ControlKeys.FAMILY, uid)
                .map(bytes -> ControlDraft.parse(UserRecord.parser(), bytes, uid))
                .filter(index -> index.getName().equals(user.getName()))
                .isPresent();
        if (!indexed) {
            find("user " + name + " does not hold its uid " + user.getUid());
        }
        final Set<String> seen = new HashSet<>();
        for (final String id : user.getKeysList()) {
            if (!seen.add(id)
                    || store.get(ControlKeys.FAMILY, ControlKeys.key(id)).isEmpty()) {
                find("user " + name + " lists access key " + id + " twice or without there being one");
            }
        }
    }

    private void check(final KeyRecord key) {
        final UserRecord user = users.get(name(key.getTenant(), key.getUser()));
        if (user == null || !user.getKeysList().contains(key.getId())) {
            find("access key " + key.getId() + " is not listed by its user " + name(key.getTenant(), key.getUser()));
        }
    }

    private void count(final String whose, final String what, final int recorded, final Integer found) {
        final int actual = found == null ? 0 : found;
        if (recorded != actual) {
            find(whose + " counts " + recorded + " " + what + ", but has " + actual);
        }
    }

    private void find(final String finding) {
        findings.add("control group: " + finding);
    }

    private static String name(final String tenant, final String user) {
        return tenant + "/" + user;
    }
}
