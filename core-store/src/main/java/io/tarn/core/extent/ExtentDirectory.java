package io.tarn.core.extent;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.file.FileLayer;
import io.tarn.core.file.StoredFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which file holds which extent: {@code root/xx/hhhhhhhhhhhhhhhh.extent}, fanned out by the sequence's low byte so that no
 * directory grows beyond a few hundred entries per 100 TB. Thread-safe.
 */
final class ExtentDirectory {
    private static final String SUFFIX = ".extent";
    private static final int FAN_OUT_MASK = 0xff;
    private static final int HEX_DIGITS = 16;

    private final FileLayer layer;
    private final Path root;
    private final Set<Path> present = ConcurrentHashMap.newKeySet();

    ExtentDirectory(final FileLayer layer, final Path root) {
        this.layer = layer;
        this.root = root;
    }

    Path path(final ExtentId extent) {
        return directory(extent).resolve(HexFormat.of().toHexDigits(extent.value()) + SUFFIX);
    }

    /** Creates the file; its name is durable only after {@link #forceName}. */
    StoredFile create(final ExtentId extent) {
        final Path directory = directory(extent);
        if (!present.contains(directory)) {
            layer.createDirectory(directory);
            layer.forceDirectory(root);
            present.add(directory);
        }
        return layer.create(path(extent));
    }

    void forceName(final ExtentId extent) {
        layer.forceDirectory(directory(extent));
    }

    /** Durable on return. A name that is gone already may be gone in memory only, and is forced all the same. */
    void delete(final ExtentId extent) {
        unlessMissing(() -> layer.delete(path(extent)));
        unlessMissing(() -> forceName(extent));
    }

    private static void unlessMissing(final Runnable step) {
        try {
            step.run();
        } catch (final StorageException e) {
            if (e.failure() != Failure.NOT_FOUND) {
                throw e;
            }
        }
    }

    List<ExtentId> list() {
        final List<ExtentId> extents = new ArrayList<>();
        for (final String fan : layer.list(root)) {
            if (fan.length() == 2 && fan.chars().allMatch(HexFormat::isHexDigit)) {
                for (final String name : layer.list(root.resolve(fan))) {
                    if (name.endsWith(SUFFIX) && name.length() == HEX_DIGITS + SUFFIX.length()) {
                        extents.add(new ExtentId(HexFormat.fromHexDigitsToLong(name, 0, HEX_DIGITS)));
                    }
                }
            }
        }
        return extents;
    }

    private Path directory(final ExtentId extent) {
        return root.resolve(HexFormat.of().toHexDigits(extent.value() & FAN_OUT_MASK, 2));
    }
}
