package io.tarn.core.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What holds for every {@link FileLayer}. */
abstract class FileLayerContract {
    abstract FileLayer layer();

    abstract Path root();

    @Test
    void gatheredWritesAreReadBackScattered() {
        try (StoredFile file = layer().create(root().resolve("a"))) {
            file.write(3, bytes("one"), ByteBuffer.allocateDirect(0), direct("two"), bytes("!"));
            final ByteBuffer first = ByteBuffer.allocate(5);
            final ByteBuffer second = ByteBuffer.allocateDirect(10);
            assertThat(file.read(1, first, second)).isEqualTo(9);
            assertThat(first.array()).isEqualTo(new byte[] {0, 0, 'o', 'n', 'e'});
            assertThat(text(second.flip())).isEqualTo("two!");
            assertThat(file.size()).isEqualTo(10);
        }
    }

    @Test
    void readingAtTheEndGivesNothing() {
        try (StoredFile file = layer().create(root().resolve("a"))) {
            assertThat(file.read(0, ByteBuffer.allocate(4))).isZero();
        }
    }

    @Test
    void punchedRangesReadAsZerosAndKeepTheSize() {
        try (StoredFile file = layer().create(root().resolve("a"))) {
            file.write(0, ByteBuffer.wrap("x".repeat(20_000).getBytes(StandardCharsets.US_ASCII)));
            file.punchHole(5000, 9000);
            final ByteBuffer all = ByteBuffer.allocate(20_000);
            file.read(0, all);
            assertThat(all.get(4999)).isEqualTo((byte) 'x');
            assertThat(all.get(5000)).isZero();
            assertThat(all.get(13_999)).isZero();
            assertThat(all.get(14_000)).isEqualTo((byte) 'x');
            assertThat(file.size()).isEqualTo(20_000);
        }
    }

    @Test
    void whatIsForgottenIsReadAsBefore() {
        try (StoredFile file = layer().create(root().resolve("a"))) {
            file.write(0, ByteBuffer.wrap("y".repeat(20_000).getBytes(StandardCharsets.US_ASCII)));
            file.forgetCached(0, 8192);
            file.force();
            file.forgetCached(4096, 12_288);
            final ByteBuffer all = ByteBuffer.allocate(20_000);
            assertThat(file.read(0, all)).isEqualTo(20_000);
            assertThat(new String(all.array(), StandardCharsets.US_ASCII)).isEqualTo("y".repeat(20_000));
        }
    }

    @Test
    void truncationCutsAndExtends() {
        try (StoredFile file = layer().create(root().resolve("a"))) {
            file.write(0, bytes("abcdef"));
            file.truncate(2);
            file.truncate(4);
            final ByteBuffer all = ByteBuffer.allocate(10);
            assertThat(file.read(0, all)).isEqualTo(4);
            assertThat(all.array()).startsWith('a', 'b', 0, 0);
            file.force();
        }
    }

    @Test
    void namesAreListedRenamedAndDeleted() {
        final Path directory = root().resolve("d");
        layer().createDirectory(directory);
        layer().createDirectory(directory);
        layer().create(directory.resolve("b")).close();
        layer().create(directory.resolve("a")).close();
        assertThat(layer().list(directory)).containsExactly("a", "b");
        layer().rename(directory.resolve("b"), directory.resolve("a"));
        layer().forceDirectory(directory);
        assertThat(layer().list(directory)).containsExactly("a");
        layer().delete(directory.resolve("a"));
        assertThat(layer().list(directory)).isEmpty();
    }

    @Test
    void missingAndPresentNamesAreToldApart() {
        final Path name = root().resolve("a");
        refused(Failure.NOT_FOUND, () -> layer().open(name).close());
        refused(Failure.NOT_FOUND, () -> layer().delete(name));
        layer().create(name).close();
        refused(Failure.ALREADY_EXISTS, () -> layer().create(name).close());
    }

    @Test
    void aClosedFileRefusesWork() {
        final StoredFile file = layer().create(root().resolve("a"));
        file.close();
        file.close();
        refused(Failure.IO_ERROR, file::force);
    }

    @Test
    void theDiskHasRoom() {
        assertThat(layer().usableBytes(root())).isPositive();
    }

    private static void refused(final Failure failure, final ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StorageException.class, e -> assertThat(e.failure())
                .isEqualTo(failure));
    }

    private static ByteBuffer bytes(final String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static ByteBuffer direct(final String text) {
        return ByteBuffer.allocateDirect(text.length()).put(bytes(text)).flip();
    }

    private static String text(final ByteBuffer bytes) {
        return StandardCharsets.US_ASCII.decode(bytes).toString();
    }
}
