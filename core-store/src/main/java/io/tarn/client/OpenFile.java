package io.tarn.client;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A regular file held open by the session. Thread-safe.
 *
 * <p>Writes are gathered in memory and committed in bounded pieces: at {@link #sync} and {@link #close}, when the file's share of memory is
 * used up, and before anything that depends on them. Handles of one client on one inode share what they write; other clients see it
 * once it is committed. When a commit fails, the bytes it carried are lost, and every handle that was open then learns of it at its next
 * {@link #sync} or {@link #close}, once.
 *
 * <p>A handle for reading refuses changes with {@code INVALID_ARGUMENT}. Once its file has gone for good, and a handle for writing once its
 * session has, it fails with {@code NOT_FOUND} or {@code STALE_SESSION}, which mounts know as ESTALE.
 *
 * <p>Failures: {@code QUOTA_EXCEEDED}, {@code OUT_OF_SPACE}, {@code TOO_LARGE} beyond 16 TiB, {@code LOCKED} when the lease written under
 * has passed on, {@code STALE_SESSION}, {@code CORRUPT}, {@code IO_ERROR}, {@code UNAVAILABLE}, {@code TIMEOUT}.
 */
public interface OpenFile extends AutoCloseable {
    /** Bytes of a file at most. */
    long MAX_BYTES = 16L << 40;

    long inode();

    /** The inode as its writer sees it. */
    Node node();

    /** The inode as the storage had it when this handle was opened, if the storage was asked for that then. Costs nothing. */
    Optional<Node> atOpening();

    /**
     * Fills {@code target} from {@code offset} on, up to the end of the file; holes read as zeros, and nothing is handed out that does
     * not match its checksum.
     *
     * @return bytes read; 0 at or beyond the end
     */
    int read(long offset, ByteBuffer target);

    /**
     * The same for who knows which content it is: what was seen of a content of this generation when the file was opened is used again, and
     * the shard is not asked where it lies. So a reader may go on reading a content that another has replaced meanwhile.
     */
    int read(long offset, ByteBuffer target, long contentGeneration);

    /** Takes all of {@code bytes}; the buffer may be reused when this returns. Blocks while too much waits to be committed. */
    void write(long offset, ByteBuffer bytes);

    /**
     * Adds bytes at the end, wherever that is when they are committed: appenders never write over each other or mix, even those of
     * other clients. Durable when it returns.
     *
     * @return where the bytes begin
     */
    long append(ByteBuffer bytes);

    /**
     * Changes attributes, but for the size, with the next commit of what is written: this client sees them at once, others after
     * {@link #sync} or {@link #close}. A time of modification holds until the next write. Where nothing waits to be committed it is a
     * commit of its own.
     *
     * @throws io.tarn.core.StorageException {@code INVALID_ARGUMENT} for a change of the size
     */
    void setAttributes(AttributeChange change);

    /**
     * The inode as its writer sees it, with times that stay what they are when what is written is committed, unless more is written: where
     * something waits to be committed, and no times were chosen for it yet, these are.
     *
     * @param modified when bytes were written last, in nanoseconds since the epoch
     * @param changed when anything was changed last
     */
    Node settle(long modified, long changed);

    /** Sets the size; bytes beyond it are gone, bytes up to it are zeros. */
    Node truncate(long size);

    /** Lengthens the file to reach {@code offset + length}; no space is set aside, for what is written never overwrites. */
    void allocate(long offset, long length);

    /** Makes a hole without changing the size. */
    void punchHole(long offset, long length);

    /** Zeroes a range; the file grows to hold it unless {@code keepSize}. */
    void zeroRange(long offset, long length, boolean keepSize);

    /**
     * Copies a range of another file of the volume, or of this one, sharing its bytes. {@code CROSS_VOLUME} between volumes,
     * {@code INVALID_ARGUMENT} for overlapping ranges of one file, {@code UNSUPPORTED} where the source has lost its last name and is
     * open for reading only: its bytes can be read.
     *
     * @return bytes copied; less than {@code length} at the end of the source, or where the range is too long for one commit
     */
    long copyFrom(OpenFile source, long sourceOffset, long offset, long length);

    /** The first offset ≥ {@code offset} that has data; empty where only holes follow. */
    OptionalLong nextData(long offset);

    /** The first offset ≥ {@code offset} in a hole, of which the end of the file is the last; empty beyond the end. */
    OptionalLong nextHole(long offset);

    /** Commits what is written: durable and visible to everybody when it returns. */
    void sync();

    /**
     * Commits what is written as {@link #sync}, for who is likely to close soon: where no other handle of this client writes to the file, the
     * storage learns in the same commit that nobody here does, and {@link #close} needs none. The handle remains. Until it writes
     * again, which then is a commit more, the file is kept as for one that was opened for reading.
     */
    void rest();

    /**
     * Commits what is written and lets the file go, in one commit. The handle is closed even when the commit fails.
     */
    @Override
    void close();
}
