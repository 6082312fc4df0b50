package io.tarn.core.control;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.tarn.client.Credential;
import io.tarn.core.StorageException;
import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.wire.KeyRecord;
import io.tarn.core.wire.SessionRecord;
import io.tarn.core.wire.UserRecord;
import io.tarn.core.wire.VolumeRecord;
import io.tarn.core.wire.VolumeState;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every request asks of the control group, in memory: credentials with their opened secrets and resolved principals, and
 * volumes. A look-up is one probe of a hash table and allocates nothing but the Optional.
 *
 * <p>Threading: one writer (the thread that applies the log), any number of readers without locks. A change of several records
 * becomes visible record by record.
 */
public final class ControlView {
    private static final Logger LOG = LoggerFactory.getLogger(ControlView.class);

    private final SecretSeal seal;
    private boolean loaded;
    private final Map<String, UserRecord> users = new ConcurrentHashMap<>();
    private final Map<String, KeyRecord> keys = new ConcurrentHashMap<>();
    private final Map<String, Credential> credentials = new ConcurrentHashMap<>();
    private final Map<String, VolumePlace> volumes = new ConcurrentHashMap<>();
    private final Map<Long, VolumePlace> volumesById = new ConcurrentHashMap<>();
    private final Map<Long, Long> sessionExpiries = new ConcurrentHashMap<>();

    public ControlView(final SecretSeal seal) {
        this.seal = Objects.requireNonNull(seal);
    }

    /**
     * Fills the view from a store unless that has happened. Both the thread that applies the log (with the store before its
     * first entry) and the client's (with a frozen store) call it first; as the former loads before it follows, neither can lose
     * a change whichever comes first.
     */
    synchronized void loadOnce(final KeyValueReader store) {
        if (loaded) {
            return;
        }
        loaded = true;
        each(store, ControlKeys.allUsers(), UserRecord.parser(), this::put);
        each(store, ControlKeys.keys(), KeyRecord.parser(), key -> keys.put(key.getId(), key));
        each(store, ControlKeys.volumes(), VolumeRecord.parser(), this::put);
        each(store, ControlKeys.sessions(), SessionRecord.parser(), this::put);
        keys.keySet().forEach(this::resolve);
    }

    /** The enabled key of that id. */
    Optional<Credential> credential(final String accessKeyId) {
        return Optional.ofNullable(credentials.get(accessKeyId));
    }

    /** The volume of that name, unless it is still being made. */
    Optional<VolumePlace> volume(final String name) {
        return Optional.ofNullable(volumes.get(name));
    }

    /** The volume of that id, unless it is still being made. */
    public Optional<VolumePlace> volume(final long id) {
        return Optional.ofNullable(volumesById.get(id));
    }

    /** Number of the shard that holds the root directory of a volume, unless it is still being made. */
    public Optional<Integer> shardOf(final long volumeId) {
        return volume(volumeId).map(VolumePlace::shard);
    }

    /** Sessions whose time is over at {@code nowNanos} as far as is known here; the log decides. */
    List<Long> sessionsExpiredAt(final long nowNanos) {
        return sessionExpiries.entrySet().stream()
                .filter(session -> session.getValue() <= nowNanos)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Takes over what an entry changed. */
    synchronized void follow(final Map<ByteBuffer, Optional<MessageLite>> changes) {
        final Set<String> touched = new HashSet<>();
        changes.forEach((key, value) ->
                value.ifPresentOrElse(record -> putChanged(key, record, touched), () -> remove(key, touched)));
        touched.forEach(this::resolve);
    }

    private void putChanged(final ByteBuffer key, final MessageLite record, final Set<String> touchedKeys) {
        switch (record) {
            case UserRecord user -> {
                if (ControlKeys.isUser(key)) {
                    put(user);
                    touchedKeys.addAll(user.getKeysList());
                }
            }
            case KeyRecord accessKey -> {
                keys.put(accessKey.getId(), accessKey);
                touchedKeys.add(accessKey.getId());
            }
            case VolumeRecord volume -> {
                if (ControlKeys.isVolume(key)) {
                    put(volume);
                }
            }
            case SessionRecord session -> put(session);
            default -> {
                // tenants, counters and indexes are read from the store
            }
        }
    }

    private void remove(final ByteBuffer key, final Set<String> touchedKeys) {
        final String name = ControlKeys.name(key);
        if (ControlKeys.isUser(key)) {
            users.remove(name);
        } else if (ControlKeys.isKey(key)) {
            keys.remove(name);
            touchedKeys.add(name);
        } else if (ControlKeys.isVolume(key)) {
            final VolumePlace gone = volumes.remove(name);
            if (gone != null) {
                volumesById.remove(gone.volume().id());
            }
        } else if (ControlKeys.isSession(key)) {
            sessionExpiries.remove(key.getLong(1));
        }
    }

    private void put(final UserRecord user) {
        users.put(userKey(user.getTenant(), user.getName()), user);
    }

    private void put(final VolumeRecord volume) {
        // one that is being deleted stays visible until the shard has agreed: it may turn out not to be empty
        if (volume.getState() != VolumeState.VOLUME_CREATING) {
            final VolumePlace place = new VolumePlace(ControlRecords.volume(volume), volume.getShard());
            volumes.put(volume.getName(), place);
            volumesById.put(volume.getId(), place);
        }
    }

    private void put(final SessionRecord session) {
        sessionExpiries.put(session.getId(), session.getExpiresNanos());
    }

    private void resolve(final String id) {
        final KeyRecord key = keys.get(id);
        final UserRecord user = key == null ? null : users.get(userKey(key.getTenant(), key.getUser()));
        if (key == null || user == null || !key.getEnabled()) {
            credentials.remove(id);
            return;
        }
        try {
            final String secret = seal.open(id, key.getSealedSecret().toByteArray());
            credentials.put(id, new Credential(ControlRecords.key(key), secret, ControlRecords.principal(user)));
        } catch (final StorageException e) {
            // one unreadable secret must not keep the others from working; requests with this key are refused
            LOG.error("access key {} cannot be used", id, e);
            credentials.remove(id);
        }
    }

    private static String userKey(final String tenant, final String name) {
        return tenant + '\0' + name;
    }

    static <T> void each(
            final KeyValueReader store, final byte[] prefix, final Parser<T> parser, final Consumer<T> action) {
        try (Cursor cursor = store.scan(ControlKeys.FAMILY, prefix, ControlKeys.after(prefix))) {
            for (; cursor.valid(); cursor.next()) {
                action.accept(ControlDraft.parse(parser, cursor.value(), cursor.key()));
            }
        }
    }
}
