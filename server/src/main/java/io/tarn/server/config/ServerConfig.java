package io.tarn.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The configuration of a server. Defaults stand beside each setting, so an empty file is a complete one.
 *
 * @param data data directory
 * @param s3 the S3 front end
 * @param admin the admin API
 * @param rpc clients in other processes
 * @param raft the shards
 * @param cache memory
 * @param storage bytes
 * @param feed change feed
 * @param uploads multipart uploads
 * @param compaction copying live bytes together
 * @param scrub checking stored bytes
 */
public record ServerConfig(
        @Setting(value = "tarn-data", doc = "Data directory. `--data` overrides it.")
        Path data,

        @Setting(doc = "The S3 front end") S3 s3,
        @Setting(doc = "The admin API, health and metrics") Admin admin,

        @Setting(doc = "Clients in other processes, such as mounts")
        Rpc rpc,

        @Setting(doc = "Shards and their Raft logs") Raft raft,
        @Setting(doc = "Memory") Cache cache,
        @Setting(doc = "How bytes are stored") Storage storage,
        @Setting(doc = "The change feed") Feed feed,
        @Setting(doc = "Multipart uploads") Uploads uploads,
        @Setting(doc = "Compaction of extents") Compaction compaction,

        @Setting(doc = "Checking stored bytes in the background")
        Scrub scrub) {

    /**
     * @param bind address
     * @param port port
     * @param region region clients sign for
     * @param baseDomains domains below which a host names a bucket
     * @param connections most open connections
     * @param requests most requests in work
     * @param requestLine longest request line
     * @param headers all header lines together
     * @param idleTimeout of connections without a request
     * @param stallTimeout of clients that stop in the middle of a request
     * @param minRate of clients that send or take slowly, a second
     */
    public record S3(
            @Setting(value = "127.0.0.1", doc = "Address the S3 listener binds.")
            String bind,

            @Setting(value = "9000", doc = "Port of the S3 listener; 0 takes a free one.")
            int port,

            @Setting(value = "us-east-1", doc = "Region that clients sign for.")
            String region,

            @Setting(
                    doc =
                            "Domains below which a host names a bucket, as in `bucket.s3.example.com`. Path-style requests are always taken.")
            List<String> baseDomains,

            @Setting(value = "10000", doc = "Most open connections; further ones are closed at once.")
            int connections,

            @Setting(value = "1000", doc = "Most requests in work; further ones are answered `SlowDown`.")
            int requests,

            @Setting(value = "16KiB", doc = "Longest request line.")
            ByteSize requestLine,

            @Setting(value = "32KiB", doc = "All header lines of a request together.")
            ByteSize headers,

            @Setting(value = "75s", doc = "A connection without a request is closed after this.")
            Duration idleTimeout,

            @Setting(
                    value = "30s",
                    doc =
                            "A client that neither sends nor takes a byte in the middle of a request is given up after this.")
            Duration stallTimeout,

            @Setting(
                    value = "1KiB",
                    doc =
                            "A client that sends a body or takes an answer more slowly than this a second, over a stall timeout of waiting for it, is given up. What the system buffers blurs answers by 256 KiB in a stall timeout: any client that is so much faster is safe. 0 leaves it at the stall timeout.")
            ByteSize minRate) {}

    /**
     * @param bind address
     * @param port port
     */
    public record Admin(
            @Setting(
                    value = "127.0.0.1",
                    doc = "Address of the admin API, health and metrics. Health and metrics need no credentials.")
            String bind,

            @Setting(value = "9001", doc = "Port of the admin API; 0 takes a free one.")
            int port) {}

    /**
     * @param bind address
     * @param port port
     */
    public record Rpc(
            @Setting(
                    value = "127.0.0.1",
                    doc =
                            "Address of the listener for clients in other processes. They prove that they know a key's secret; what they say is not encrypted.")
            String bind,

            @Setting(
                    value = "9002",
                    doc = "Port of the listener for clients in other processes; 0 takes a free one, -1 means none.")
            int port) {}

    /**
     * @param dir logs
     * @param lease length of the leader lease
     * @param electionTimeout of groups of several members
     * @param proposalTimeout after which a command without outcome fails
     * @param snapshotBytes log size after which the store is made durable and the log purged
     */
    public record Raft(
            @Setting(
                    doc =
                            "Directory of the Raft logs, best on a device of its own. Unset: `log` in the data directory.")
            Optional<Path> dir,

            @Setting(
                    value = "1s",
                    doc = "How long a leader may answer reads by itself; not longer than the election timeout.")
            Duration lease,

            @Setting(value = "1s", doc = "Election timeout of groups of several members.")
            Duration electionTimeout,

            @Setting(value = "10s", doc = "A command without an outcome fails after this.")
            Duration proposalTimeout,

            @Setting(value = "32MiB", doc = "After so much log the store is made durable and the log purged.")
            ByteSize snapshotBytes,

            @Setting(
                    value = "1",
                    doc =
                            "Groups that names are spread over, 1 to 64. One is fastest on one disk; it can be raised, never lowered.")
            int shards) {}

    /**
     * @param blocks block cache
     * @param writeBuffers write buffers
     * @param content buffers of content
     */
    public record Cache(
            @Setting(value = "192MiB", doc = "Block cache that all stores of names share.")
            ByteSize blocks,

            @Setting(value = "64MiB", doc = "What may lie in their write buffers; charged to the block cache.")
            ByteSize writeBuffers,

            @Setting(value = "96MiB", doc = "Direct memory for content on its way to disk.")
            ByteSize content) {}

    /**
     * @param inlineMax largest content kept in the log entry
     * @param reserve space kept free for the log
     */
    public record Storage(
            @Setting(value = "4KiB", doc = "Content up to this size rides inside the log entry; 0 turns that off.")
            ByteSize inlineMax,

            @Setting(
                    value = "1GiB",
                    doc =
                            "With less free space than this the node takes no more content, so that its log never runs full.")
            ByteSize reserve) {}

    /**
     * @param retention age from which an event goes
     * @param maxEvents events kept of a volume
     */
    public record Feed(
            @Setting(
                    value = "24h",
                    doc =
                            "How long the events of a volume are kept for readers that are behind. Older ones are dropped in the background.")
            Duration retention,

            @Setting(value = "1000000", doc = "Most events kept of a volume, whatever their age.")
            int maxEvents) {}

    /** @param retention how long completions are remembered */
    public record Uploads(
            @Setting(
                    value = "24h",
                    doc =
                            "How long the answer of a completed multipart upload is remembered, for clients that lost it and ask again.")
            Duration retention) {}

    /**
     * @param livePercent when an extent is mostly dead
     * @param small when an extent is small
     * @param bytesPerSecond rate
     * @param every pause between looks
     */
    public record Compaction(
            @Setting(
                    value = "50",
                    doc =
                            "An extent less of which than this percentage is alive is copied together with others of its volume, and dropped. 0 turns compaction off.")
            int livePercent,

            @Setting(
                    value = "32MiB",
                    doc = "Extents shorter than this are merged with others of their volume, several at a time.")
            ByteSize small,

            @Setting(value = "32MiB", doc = "Most bytes that compaction copies in a second.")
            ByteSize bytesPerSecond,

            @Setting(value = "1m", doc = "Pause between two looks for extents to compact.")
            Duration every) {}

    /**
     * @param bytesPerSecond rate
     * @param interval from round to round
     */
    public record Scrub(
            @Setting(value = "16MiB", doc = "Most bytes that are read in a second to check their checksums.")
            ByteSize bytesPerSecond,

            @Setting(
                    value = "336h",
                    doc = "All live bytes are checked once in this time, if the rate allows. 0s turns checking off.")
            Duration interval) {}

    /** All defaults. */
    public static ServerConfig defaults() {
        return ConfigReader.read(ServerConfig.class, List.of());
    }
}
