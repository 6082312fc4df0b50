package io.tarn.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectStore.Entry;
import io.tarn.client.ObjectStore.Found;
import io.tarn.client.ObjectStore.Listing;
import io.tarn.client.ObjectStore.Part;
import io.tarn.client.ObjectStore.Upload;
import io.tarn.client.ObjectStore.UploadListing;
import io.tarn.client.Usage;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Compares everything that can be asked of the state machine with the model. */
final class StateComparison {
    private static final int LISTINGS = 6;

    private final Model model;
    private final KeyValueReader store;
    private final NamespaceQueries queries;
    private final NodeComparison nodes;
    private final Random random;

    StateComparison(final Model model, final KeyValueReader store, final Random random) {
        this.model = model;
        this.store = store;
        this.queries = new NamespaceQueries(store);
        this.nodes = new NodeComparison(model, store, random);
        this.random = random;
    }

    void run() {
        assertThat(new NamespaceAudit(store).run()).isEmpty();
        nodes.run();
        model.volumes.values().forEach(volume -> {
            assertThat(queries.volumeUsage(volume.id))
                    .as("usage of %d", volume.id)
                    .isEqualTo(volume.usage());
            versions(volume);
            for (int i = 0; i < LISTINGS; i++) {
                listings(volume);
            }
            uploads(volume);
        });
        model.volumes.values().stream().map(volume -> volume.tenant).distinct().forEach(tenant -> assertThat(
                        queries.tenantUsage(tenant))
                .as("usage of %s", tenant)
                .isEqualTo(model.volumes.values().stream()
                        .filter(volume -> volume.tenant.equals(tenant))
                        .map(ModelVolume::usage)
                        .reduce(new Usage(0, 0), (a, b) -> new Usage(a.bytes() + b.bytes(), a.inodes() + b.inodes()))));
    }

    private void versions(final ModelVolume volume) {
        for (int i = 0; i < LISTINGS; i++) {
            final Key key = NastyKeys.key(random);
            if (volume.versions(key).isEmpty() && !isMade(volume, key)) {
                assertThat(queries.find(volume.id, key, Optional.empty())).isEmpty();
                assertThat(queries.find(volume.id, key, Optional.of("null"))).isEmpty();
            }
        }
        volume.keys.forEach((key, versions) -> versions.forEach(version -> {
            final boolean latest = version == versions.getFirst();
            final ObjectInfo info = info(volume, key, version, latest);
            assertThat(queries.find(volume.id, key, Optional.of(version.version())))
                    .contains(info);
            if (latest && version.isMarker() && isMade(volume, key)) {
                assertThat(queries.find(volume.id, key, Optional.empty()).map(ObjectInfo::inode))
                        .contains(volume.directories.get(key).id);
            } else if (latest) {
                assertThat(queries.find(volume.id, key, Optional.empty())).contains(info);
            }
            if (version.nullVersion) {
                assertThat(queries.find(volume.id, key, Optional.of("%016x".formatted(version.order))))
                        .as("a null version by its order")
                        .isEmpty();
            }
            final Optional<NamespaceQueries.OpenFile> open =
                    queries.open(volume.id, key, Optional.of(version.version()));
            assertThat(open.isPresent()).isEqualTo(!version.isMarker());
            open.ifPresent(file -> {
                assertThat(file.inline()
                                .orElseGet(() -> model.extents.read(
                                        resolved(queries, file.slices()),
                                        file.info().size())))
                        .isEqualTo(version.content.bytes());
                assertThat(file.contentGeneration()).isEqualTo(version.contentGeneration);
            });
        }));
    }

    /** The slices with segments replaced by what these stand for. */
    static List<Slice> resolved(final NamespaceQueries queries, final List<Slice> slices) {
        final List<Slice> leaves = new ArrayList<>();
        for (final Slice slice : slices) {
            if (slice.getContent() == 0) {
                leaves.add(slice);
            } else {
                final long from = slice.getContentOffset();
                queries.leaves(slice.getContent(), from, from + slice.getLength())
                        .forEach(leaf -> leaves.add(Contents.shift(leaf, slice.getFileOffset() - from)));
            }
        }
        return leaves;
    }

    private static boolean isMade(final ModelVolume volume, final Key key) {
        return volume.directories.containsKey(key) && volume.directories.get(key).explicit;
    }

    /** Entries with what the model does not know of directories left out. */
    private static List<Entry> known(final ModelVolume volume, final List<Entry> entries) {
        return entries.stream()
                .map(entry -> entry instanceof final Found found
                                && isMade(volume, found.key())
                                && found.info().inode() == volume.directories.get(found.key()).id
                        ? new Found(ModelListing.madeDirectory(
                                volume,
                                found.key(),
                                volume.directories.get(found.key()).id,
                                found.info().versioned()))
                        : entry)
                .toList();
    }

    private static Listing known(final ModelVolume volume, final Listing listing) {
        return new Listing(known(volume, listing.entries()), listing.truncated());
    }

    private static ObjectInfo info(
            final ModelVolume volume, final Key key, final ModelVersion version, final boolean latest) {
        return version.info(volume.id, key, version.isMarker() || volume.versioned(), latest);
    }

    private void listings(final ModelVolume volume) {
        final Key prefix = NastyKeys.prefix(random);
        final Key delimiter = NastyKeys.delimiter(random);
        final Key after = NastyKeys.marker(random);
        final int limit = 1 + random.nextInt(random.nextBoolean() ? 4 : 1_000);
        assertThat(known(volume, queries.list(volume.id, prefix, delimiter, after, limit)))
                .as("list prefix %s delimiter %s after %s limit %d", prefix, delimiter, after, limit)
                .isEqualTo(ModelListing.list(volume, prefix, delimiter, after, limit));
        final Optional<String> version = versionMarker(volume, after);
        assertThat(known(volume, queries.listVersions(volume.id, prefix, delimiter, after, version, limit)))
                .as("versions prefix %s delimiter %s after %s %s limit %d", prefix, delimiter, after, version, limit)
                .isEqualTo(ModelListing.versions(volume, prefix, delimiter, after, version, limit));
        assertThat(known(volume, allPages(volume, prefix, delimiter, limit)))
                .as("all pages, prefix %s delimiter %s limit %d", prefix, delimiter, limit)
                .isEqualTo(ModelListing.list(volume, prefix, delimiter, Key.EMPTY, Integer.MAX_VALUE)
                        .entries());
        assertThat(known(volume, allVersionPages(volume, prefix, delimiter, limit)))
                .as("all pages of versions, prefix %s delimiter %s limit %d", prefix, delimiter, limit)
                .isEqualTo(
                        ModelListing.versions(volume, prefix, delimiter, Key.EMPTY, Optional.empty(), Integer.MAX_VALUE)
                                .entries());
    }

    private Optional<String> versionMarker(final ModelVolume volume, final Key key) {
        final List<ModelVersion> versions = volume.versions(key);
        return versions.isEmpty() || random.nextBoolean()
                ? Optional.empty()
                : Optional.of(versions.get(random.nextInt(versions.size())).version());
    }

    private List<Entry> allPages(final ModelVolume volume, final Key prefix, final Key delimiter, final int limit) {
        final List<Entry> all = new ArrayList<>();
        Listing page = queries.list(volume.id, prefix, delimiter, Key.EMPTY, limit);
        all.addAll(page.entries());
        while (page.truncated()) {
            final Key marker = all.getLast().key();
            page = queries.list(volume.id, prefix, delimiter, marker, limit);
            assertThat(page.entries())
                    .as("page after %s, prefix %s delimiter %s limit %d", marker, prefix, delimiter, limit)
                    .allMatch(entry -> entry.key().compareTo(marker) > 0);
            all.addAll(page.entries());
        }
        return all;
    }

    private List<Entry> allVersionPages(
            final ModelVolume volume, final Key prefix, final Key delimiter, final int limit) {
        final List<Entry> all = new ArrayList<>();
        Listing page = queries.listVersions(volume.id, prefix, delimiter, Key.EMPTY, Optional.empty(), limit);
        all.addAll(page.entries());
        while (page.truncated()) {
            final Optional<String> version = all.getLast() instanceof final Found found
                    ? Optional.of(found.info().version())
                    : Optional.empty();
            page = queries.listVersions(
                    volume.id, prefix, delimiter, all.getLast().key(), version, limit);
            all.addAll(page.entries());
        }
        return all;
    }

    private void uploads(final ModelVolume volume) {
        final Key prefix = NastyKeys.prefix(random);
        final Key delimiter = NastyKeys.delimiter(random);
        final int limit = 1 + random.nextInt(4);
        final List<Upload> expected = new ArrayList<>();
        final List<Key> rolled = new ArrayList<>();
        openUploads(volume).stream()
                .filter(upload -> upload.key().startsWith(prefix))
                .forEach(upload -> {
                    final Optional<Key> common = ModelListing.rolledUp(upload.key(), prefix, delimiter);
                    if (common.isEmpty()) {
                        expected.add(upload);
                    } else if (!rolled.contains(common.get())) {
                        rolled.add(common.get());
                    }
                });
        final List<Upload> found = new ArrayList<>();
        final List<Key> prefixes = new ArrayList<>();
        Key marker = Key.EMPTY;
        Optional<String> idMarker = Optional.empty();
        boolean more = true;
        while (more) {
            final UploadListing page = queries.uploads(volume.id, prefix, delimiter, marker, idMarker, limit);
            found.addAll(page.uploads());
            prefixes.addAll(page.commonPrefixes());
            more = page.truncated();
            if (more) {
                final Optional<Upload> last = page.uploads().isEmpty()
                        ? Optional.empty()
                        : Optional.of(page.uploads().getLast());
                final boolean prefixLast = !page.commonPrefixes().isEmpty()
                        && last.filter(upload -> upload.key()
                                                .compareTo(page.commonPrefixes().getLast())
                                        > 0)
                                .isEmpty();
                marker = prefixLast
                        ? page.commonPrefixes().getLast()
                        : last.orElseThrow().key();
                idMarker = prefixLast ? Optional.empty() : last.map(Upload::id);
            }
        }
        assertThat(found).isEqualTo(expected);
        assertThat(prefixes).isEqualTo(rolled);
        volume.uploads.forEach((id, upload) -> {
            final String text = NamespaceCommands.uploadId(id);
            final Upload asked = Uploads.of(volume.id, text, upload.record);
            assertThat(queries.parts(asked, 0, 1_000)).isEqualTo(parts(upload, 0));
            assertThat(queries.parts(asked, 2, 1_000)).isEqualTo(parts(upload, 2));
            assertThat(queries.upload(volume.id, upload.key, text).isPresent()).isEqualTo(upload.completed.isEmpty());
            assertThat(queries.completed(volume.id, upload.key, text).isPresent())
                    .isEqualTo(upload.completed.isPresent());
        });
    }

    private static List<Part> parts(final ModelVolume.Upload upload, final int after) {
        return upload.parts.tailMap(after, false).entrySet().stream()
                .map(part -> Uploads.part(part.getKey(), part.getValue().record()))
                .toList();
    }

    private static List<Upload> openUploads(final ModelVolume volume) {
        return volume.uploads.entrySet().stream()
                .filter(upload -> upload.getValue().completed.isEmpty())
                .map(upload ->
                        Uploads.of(volume.id, NamespaceCommands.uploadId(upload.getKey()), upload.getValue().record))
                .sorted((a, b) -> a.key().equals(b.key())
                        ? a.id().compareTo(b.id())
                        : a.key().compareTo(b.key()))
                .toList();
    }
}
