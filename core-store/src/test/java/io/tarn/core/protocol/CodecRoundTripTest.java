package io.tarn.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.client.ChangeEvent;
import io.tarn.client.ChangeFeed;
import io.tarn.client.Checksum;
import io.tarn.client.DirectoryPage;
import io.tarn.client.Key;
import io.tarn.client.Node;
import io.tarn.client.NodeTimes;
import io.tarn.client.NodeType;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectMeta;
import io.tarn.client.ObjectStore;
import io.tarn.client.Principal;
import io.tarn.client.Quota;
import io.tarn.client.Usage;
import io.tarn.client.Versioning;
import io.tarn.client.Volume;
import io.tarn.client.VolumeStatistics;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.NamespaceQueries.OpenFile;
import io.tarn.core.namespace.NodeQueries.FileRange;
import io.tarn.core.namespace.NodeQueries.LeaseState;
import io.tarn.core.namespace.NodeQueries.Snapshot;
import io.tarn.core.namespace.wire.LeaseRecord;
import io.tarn.core.namespace.wire.Slice;
import io.tarn.core.protocol.wire.SessionGrant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is said to another process arrives as it was. */
final class CodecRoundTripTest {
    private static final int SOME = 4;

    /** Values drawn from a seed. */
    private static final class Draw {
        private final Random random;

        Draw(final long seed) {
            this.random = new Random(seed);
        }

        long number() {
            return random.nextLong();
        }

        long count() {
            return random.nextLong() >>> 1;
        }

        int small() {
            return random.nextInt() >>> 1;
        }

        boolean flag() {
            return random.nextBoolean();
        }

        byte[] bytes() {
            final byte[] bytes = new byte[random.nextInt(20)];
            random.nextBytes(bytes);
            return bytes;
        }

        Key key() {
            return Key.of(bytes());
        }

        String text() {
            return "t\u00e9xt" + random.nextInt();
        }

        <T> Optional<T> perhaps(final T value) {
            return flag() ? Optional.of(value) : Optional.empty();
        }

        <T> T one(final T[] values) {
            return values[random.nextInt(values.length)];
        }

        Map<String, String> texts() {
            final Map<String, String> texts = new LinkedHashMap<>();
            for (int i = random.nextInt(SOME); i > 0; i--) {
                texts.put(text(), text());
            }
            return texts;
        }

        Node node() {
            return new Node(
                    number(),
                    number(),
                    one(NodeType.values()),
                    small(),
                    small(),
                    small(),
                    small(),
                    count(),
                    new NodeTimes(number(), number(), number(), number()),
                    count(),
                    number(),
                    number(),
                    perhaps(key()),
                    number());
        }

        ObjectMeta meta() {
            return new ObjectMeta(
                    texts(),
                    texts(),
                    texts(),
                    perhaps(text()),
                    perhaps(text()),
                    perhaps(new Checksum(text(), text(), flag())));
        }

        ObjectInfo object() {
            return new ObjectInfo(
                    number(),
                    key(),
                    number(),
                    number(),
                    text(),
                    flag(),
                    flag(),
                    flag(),
                    count(),
                    number(),
                    text(),
                    text(),
                    meta(),
                    List.of(new ObjectInfo.CompletedPart(small(), count(), perhaps(text()))));
        }

        List<Slice> slices() {
            return List.of(Slice.newBuilder()
                    .setFileOffset(count())
                    .setExtent(number())
                    .build());
        }

        ObjectStore.Upload upload() {
            return new ObjectStore.Upload(
                    number(),
                    key(),
                    text(),
                    text(),
                    number(),
                    meta(),
                    perhaps(new ObjectStore.UploadChecksum(text(), flag())));
        }

        ChangeEvent event() {
            return new ChangeEvent(
                    count(),
                    one(ChangeEvent.Type.values()),
                    one(ChangeEvent.Kind.values()),
                    perhaps(one(ChangeEvent.Origin.values())),
                    number(),
                    number(),
                    perhaps(new ChangeEvent.Name(number(), key(), key())),
                    perhaps(new ChangeEvent.Name(number(), key(), key())),
                    count(),
                    number(),
                    small(),
                    small(),
                    small(),
                    small(),
                    text(),
                    text(),
                    text(),
                    perhaps(key()),
                    number(),
                    perhaps(text()));
        }
    }

    @Property(tries = 200)
    void nodesAndWhatBelongsToThem(@ForAll final long seed) {
        final Draw draw = new Draw(seed);
        final Node node = draw.node();
        assertThat(NodeCodec.decode(NodeCodec.encode(node))).isEqualTo(node);
        final DirectoryPage page = new DirectoryPage(
                List.of(new DirectoryPage.Entry(draw.key(), draw.key(), node, draw.flag())), draw.flag());
        assertThat(NodeCodec.decode(NodeCodec.encode(page))).isEqualTo(page);
        final byte[] inline = draw.bytes();
        final FileRange range = new FileRange(draw.count(), draw.number(), Optional.of(inline), draw.slices());
        final FileRange back = NodeCodec.decode(NodeCodec.encode(range));
        assertThat(back).usingRecursiveComparison().isEqualTo(range);
        final Snapshot snapshot = new Snapshot(node, range);
        assertThat(NodeCodec.decode(NodeCodec.encode(snapshot)))
                .usingRecursiveComparison()
                .isEqualTo(snapshot);
        final VolumeStatistics statistics =
                new VolumeStatistics(new Usage(draw.number(), draw.number()), new Quota(draw.count(), draw.count()));
        assertThat(NodeCodec.decode(NodeCodec.encode(statistics))).isEqualTo(statistics);
        final LeaseState lease = new LeaseState(
                draw.number(), LeaseRecord.newBuilder().setEpoch(draw.number()).build(), draw.number());
        assertThat(NodeCodec.decode(NodeCodec.encode(lease))).isEqualTo(lease);
        final Map<Key, byte[]> xattrs = new LinkedHashMap<>(Map.of(draw.key(), draw.bytes()));
        assertThat(NodeCodec.xattrs(NodeCodec.encode(xattrs)))
                .usingRecursiveComparison()
                .isEqualTo(xattrs);
    }

    @Property(tries = 200)
    void objectsListingsAndUploads(@ForAll final long seed) {
        final Draw draw = new Draw(seed);
        final ObjectInfo info = draw.object();
        assertThat(ObjectCodec.decode(ObjectCodec.encode(info))).isEqualTo(info);
        final OpenFile file = new OpenFile(info, draw.number(), Optional.of(draw.bytes()), draw.slices());
        assertThat(ObjectCodec.decode(ObjectCodec.encode(file)))
                .usingRecursiveComparison()
                .isEqualTo(file);
        final ObjectStore.Listing listing = new ObjectStore.Listing(
                List.of(new ObjectStore.Found(info), new ObjectStore.CommonPrefix(draw.key())), draw.flag());
        assertThat(ObjectCodec.decode(ObjectCodec.encode(listing))).isEqualTo(listing);
        final ObjectStore.Part part =
                new ObjectStore.Part(draw.small(), draw.count(), draw.text(), draw.number(), draw.perhaps(draw.text()));
        assertThat(ObjectCodec.decode(ObjectCodec.encode(part))).isEqualTo(part);
        final ObjectStore.UploadListing uploads =
                new ObjectStore.UploadListing(List.of(draw.upload()), List.of(draw.key()), draw.flag());
        assertThat(ObjectCodec.decode(ObjectCodec.encode(uploads))).isEqualTo(uploads);
    }

    @Property(tries = 200)
    void eventsVolumesAndPrincipals(@ForAll final long seed) {
        final Draw draw = new Draw(seed);
        final List<ChangeEvent> events = new ArrayList<>(List.of(draw.event(), draw.event()));
        final ChangeFeed.Read read = new ChangeFeed.Events(events, draw.count());
        assertThat(FeedCodec.decode(FeedCodec.encode(read))).isEqualTo(read);
        final ChangeFeed.Read trimmed = new ChangeFeed.Trimmed(draw.count());
        assertThat(FeedCodec.decode(FeedCodec.encode(trimmed))).isEqualTo(trimmed);
        final Volume volume = new Volume(
                draw.number(),
                draw.text(),
                draw.text(),
                draw.text(),
                draw.number(),
                new Quota(draw.count(), draw.count()),
                draw.one(Versioning.values()),
                draw.number(),
                draw.texts());
        assertThat(VolumeCodec.decode(VolumeCodec.encode(volume))).isEqualTo(volume);
        final Principal principal =
                new Principal(draw.text(), draw.text(), draw.small(), draw.small(), List.of(draw.small()), draw.flag());
        final SessionGrant.Builder grant = SessionGrant.newBuilder();
        VolumeCodec.put(principal, grant);
        assertThat(VolumeCodec.principal(grant.build())).isEqualTo(principal);
    }

    @ParameterizedTest
    @EnumSource(Failure.class)
    void failuresComeThroughByNameAndInWords(final Failure failure) {
        final StorageException thrown = new StorageException(failure, "what \u00e4nd why");
        final StorageException said = Failures.said(Failures.status(thrown), Failures.trailers(thrown))
                .orElseThrow();
        assertThat(said.failure()).isEqualTo(failure);
        assertThat(said).hasMessage("what \u00e4nd why");
    }
}
