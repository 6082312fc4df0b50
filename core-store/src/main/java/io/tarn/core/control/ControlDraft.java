package io.tarn.core.control;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.kv.WriteSet;
import io.tarn.core.wire.CounterRecord;
import io.tarn.core.wire.KeyRecord;
import io.tarn.core.wire.SessionRecord;
import io.tarn.core.wire.TenantRecord;
import io.tarn.core.wire.UserRecord;
import io.tarn.core.wire.VolumeRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The store as the commands of one entry see it: what earlier commands of the entry changed, over what the store held before.
 * A command's own changes are kept apart until {@link #keep} and are dropped by {@link #discard}, so a command that fails
 * half-way leaves nothing. Not thread-safe; lives for one entry.
 */
final class ControlDraft {
    private final KeyValueReader store;
    private final Map<ByteBuffer, Optional<MessageLite>> kept = new LinkedHashMap<>();
    private final Map<ByteBuffer, Optional<MessageLite>> current = new LinkedHashMap<>();

    ControlDraft(final KeyValueReader store) {
        this.store = store;
    }

    Optional<TenantRecord> tenant(final String name) {
        return get(ControlKeys.tenant(name), TenantRecord.class, TenantRecord.parser());
    }

    TenantRecord needTenant(final String name) {
        return tenant(name).orElseThrow(() -> missing("tenant " + name));
    }

    void put(final TenantRecord tenant) {
        set(ControlKeys.tenant(tenant.getName()), tenant);
    }

    void deleteTenant(final String name) {
        remove(ControlKeys.tenant(name));
    }

    Optional<UserRecord> user(final String tenant, final String name) {
        return get(ControlKeys.user(tenant, name), UserRecord.class, UserRecord.parser());
    }

    UserRecord needUser(final String tenant, final String name) {
        return user(tenant, name).orElseThrow(() -> missing("user " + tenant + "/" + name));
    }

    void put(final UserRecord user) {
        set(ControlKeys.user(user.getTenant(), user.getName()), user);
    }

    void deleteUser(final UserRecord user) {
        remove(ControlKeys.user(user.getTenant(), user.getName()));
    }

    boolean uidTaken(final String tenant, final int uid) {
        return get(ControlKeys.uid(tenant, uid), UserRecord.class, UserRecord.parser())
                .isPresent();
    }

    /** Binds the uid; the value names the user, nothing else. */
    void takeUid(final UserRecord user) {
        final var reference = UserRecord.newBuilder()
                .setTenant(user.getTenant())
                .setName(user.getName())
                .build();
        set(ControlKeys.uid(user.getTenant(), user.getUid()), reference);
    }

    void freeUid(final UserRecord user) {
        remove(ControlKeys.uid(user.getTenant(), user.getUid()));
    }

    Optional<KeyRecord> key(final String id) {
        return get(ControlKeys.key(id), KeyRecord.class, KeyRecord.parser());
    }

    KeyRecord needKey(final String id) {
        return key(id).orElseThrow(() -> missing("access key " + id));
    }

    void put(final KeyRecord key) {
        set(ControlKeys.key(key.getId()), key);
    }

    void deleteKey(final String id) {
        remove(ControlKeys.key(id));
    }

    Optional<VolumeRecord> volume(final String name) {
        return get(ControlKeys.volume(name), VolumeRecord.class, VolumeRecord.parser());
    }

    Optional<VolumeRecord> volume(final long id) {
        return get(ControlKeys.volumeId(id), VolumeRecord.class, VolumeRecord.parser())
                .flatMap(reference -> volume(reference.getName()));
    }

    VolumeRecord needVolume(final long id) {
        return volume(id).orElseThrow(() -> missing("volume number " + id));
    }

    void put(final VolumeRecord volume) {
        set(ControlKeys.volume(volume.getName()), volume);
    }

    /** Lets {@link #volume(long)} find it. */
    void indexVolume(final VolumeRecord volume) {
        final var reference =
                VolumeRecord.newBuilder().setName(volume.getName()).build();
        set(ControlKeys.volumeId(volume.getId()), reference);
    }

    void deleteVolume(final VolumeRecord volume) {
        remove(ControlKeys.volume(volume.getName()));
        remove(ControlKeys.volumeId(volume.getId()));
    }

    Optional<SessionRecord> session(final long id) {
        return get(ControlKeys.session(id), SessionRecord.class, SessionRecord.parser());
    }

    void put(final SessionRecord session) {
        set(ControlKeys.session(session.getId()), session);
    }

    void deleteSession(final long id) {
        remove(ControlKeys.session(id));
    }

    /** The next number of a series that starts at 1 and never gives a number twice. */
    long next(final String series) {
        final byte[] key = ControlKeys.counter(series);
        final long next = get(key, CounterRecord.class, CounterRecord.parser())
                .map(CounterRecord::getNext)
                .orElse(1L);
        set(key, CounterRecord.newBuilder().setNext(next + 1).build());
        return next;
    }

    /** Makes the current command's changes part of the entry. */
    void keep() {
        kept.putAll(current);
        current.clear();
    }

    void discard() {
        current.clear();
    }

    void writeTo(final WriteSet changes) {
        kept.forEach((key, value) -> value.ifPresentOrElse(
                record -> changes.put(ControlKeys.FAMILY, ControlKeys.bytes(key), record.toByteArray()),
                () -> changes.delete(ControlKeys.FAMILY, ControlKeys.bytes(key))));
    }

    /** Everything kept, as key and new record, in the order of the keys' first change. */
    Map<ByteBuffer, Optional<MessageLite>> changed() {
        return kept;
    }

    static StorageException missing(final String what) {
        return new StorageException(Failure.NOT_FOUND, "no " + what);
    }

    private void set(final byte[] key, final MessageLite record) {
        current.put(ByteBuffer.wrap(key), Optional.of(record));
    }

    private void remove(final byte[] key) {
        current.put(ByteBuffer.wrap(key), Optional.empty());
    }

    private <T extends MessageLite> Optional<T> get(final byte[] key, final Class<T> type, final Parser<T> parser) {
        final ByteBuffer wrapped = ByteBuffer.wrap(key);
        for (final var layer : List.of(current, kept)) {
            if (layer.containsKey(wrapped)) {
                return layer.get(wrapped).map(type::cast);
            }
        }
        return store.get(ControlKeys.FAMILY, key).map(bytes -> parse(parser, bytes, key));
    }

    static <T> T parse(final Parser<T> parser, final byte[] bytes, final byte[] key) {
        try {
            return parser.parseFrom(bytes);
        } catch (final InvalidProtocolBufferException e) {
            throw new IllegalStateException(
                    "the control record at " + new String(key, StandardCharsets.ISO_8859_1) + " does not parse", e);
        }
    }
}
