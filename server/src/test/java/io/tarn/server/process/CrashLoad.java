package io.tarn.server.process;

import io.tarn.server.process.KeyHistory.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Writers that each own some keys and know, for each, what the server promised. */
final class CrashLoad {
    static final String BUCKET = "crash";
    static final int WRITERS = 8;

    private static final int KEYS_PER_WRITER = 24;
    private static final int INLINE_BYTES = 4 * 1024;
    private static final int MAX_BYTES = 200 * 1024;

    private final List<List<KeyHistory>> keys;
    private final AtomicLong acknowledged = new AtomicLong();

    CrashLoad() {
        keys = IntStream.range(0, WRITERS).mapToObj(CrashLoad::keysOf).toList();
    }

    /** Flat and nested, and each third key a name that is a directory to its neighbour. */
    private static List<KeyHistory> keysOf(final int writer) {
        return IntStream.range(0, KEYS_PER_WRITER)
                .mapToObj(i -> new KeyHistory(
                        switch (i % 3) {
                            case 0 -> "flat-%d-%d".formatted(writer, i);
                            case 1 -> "tree/%d/%d".formatted(writer, i);
                            default -> "tree/%d/%d/below".formatted(writer, i - 1);
                        }))
                .toList();
    }

    long acknowledged() {
        return acknowledged.get();
    }

    /** One writer until the server is gone. {@code killing} tells a broken connection that was meant from one that was not. */
    void write(final S3Client s3, final int writer, final long seed, final AtomicBoolean killing) {
        final SplittableRandom random = new SplittableRandom(seed);
        final List<KeyHistory> own = keys.get(writer);
        try {
            while (true) {
                final KeyHistory history = own.get(random.nextInt(own.size()));
                final State state =
                        random.nextInt(4) == 0 ? KeyHistory.ABSENT : new State.Present(random.nextLong(), size(random));
                history.sent(state);
                send(s3, history.key(), state);
                history.settled(state);
                acknowledged.incrementAndGet();
            }
        } catch (final SdkClientException e) {
            if (!killing.get()) {
                throw new AssertionError("the server broke off before it was killed", e);
            }
        }
    }

    private static int size(final SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1, 2, 3 -> random.nextInt(1, INLINE_BYTES + 2);
            default -> random.nextInt(INLINE_BYTES, MAX_BYTES + 1);
        };
    }

    private static void send(final S3Client s3, final String key, final State state) {
        switch (state) {
            case State.Absent absent ->
                s3.deleteObject(request -> request.bucket(BUCKET).key(key));
            case State.Present present ->
                s3.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromBytes(present.content()));
        }
    }

    /** Reads every key of one writer and settles what had been open; a sentence for each that is not as promised. */
    List<String> check(final S3Client s3, final int writer) {
        final List<String> wrong = new ArrayList<>();
        for (final KeyHistory history : keys.get(writer)) {
            find(s3, history)
                    .ifPresentOrElse(
                            history::settled, () -> wrong.add(history.key() + " is none of " + history.possible()));
        }
        return wrong;
    }

    private static Optional<State> find(final S3Client s3, final KeyHistory history) {
        try {
            final byte[] bytes = s3.getObjectAsBytes(
                            request -> request.bucket(BUCKET).key(history.key()))
                    .asByteArrayUnsafe();
            return history.possible().stream()
                    .filter(state -> state instanceof State.Present present
                            && present.size() == bytes.length
                            && Arrays.equals(present.content(), bytes))
                    .findFirst();
        } catch (final NoSuchKeyException e) {
            return history.possible().stream().filter(KeyHistory.ABSENT::equals).findFirst();
        }
    }

    /** The listing names exactly what can be read. To be called when everything is settled. */
    List<String> checkListing(final S3Client s3) {
        final var listed = s3.listObjectsV2Paginator(request -> request.bucket(BUCKET)).contents().stream()
                .collect(Collectors.toMap(S3Object::key, S3Object::size));
        final List<String> wrong = new ArrayList<>();
        for (final KeyHistory history : keys.stream().flatMap(List::stream).toList()) {
            final Long size = listed.remove(history.key());
            final State expected = history.possible().iterator().next();
            if (expected instanceof State.Present present ? size == null || size != present.size() : size != null) {
                wrong.add(history.key() + " is listed with size " + size + ", but is " + expected);
            }
        }
        listed.keySet().forEach(key -> wrong.add(key + " is listed and was never written"));
        return wrong;
    }
}
