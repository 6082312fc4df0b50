package io.tarn.posix.jnr;

import io.tarn.posix.fs.Attributes;
import io.tarn.posix.fs.Caller;
import io.tarn.posix.fs.FileSystemStatistics;
import io.tarn.posix.fuse.InFlight;
import io.tarn.posix.fuse.KernelTime;
import io.tarn.posix.fuse.RequestCaller;
import java.util.Optional;
import jnr.ffi.Pointer;
import ru.serce.jnrfuse.struct.FileStat;
import ru.serce.jnrfuse.struct.FuseContext;
import ru.serce.jnrfuse.struct.Statvfs;
import ru.serce.jnrfuse.struct.Timespec;

/**
 * What a serving thread works on, one request after another, and what libfuse calls back for it. Belongs to that thread. Structures are made once and laid
 * over the memory of each call, for each is made of two dozen objects.
 */
final class Request {
    private static final ThreadLocal<Request> CURRENT = new ThreadLocal<>();

    private final FuseContext context;
    private final FileStat stat = new FileStat(jnr.ffi.Runtime.getSystemRuntime());
    private final Statvfs statvfs = new Statvfs(jnr.ffi.Runtime.getSystemRuntime());
    private final InFlight inFlight = new InFlight();
    private int opcode;
    private Optional<String> probed = Optional.empty();

    Request(final LibFuse2 library) {
        context = FuseContext.of(library.getContext());
    }

    /** What the calling thread works on; it must be one that serves. */
    static Request current() {
        return CURRENT.get();
    }

    /** The calling thread serves from now on. */
    void enter() {
        CURRENT.set(this);
    }

    /** The calling thread serves no more. */
    static void leave() {
        CURRENT.remove();
    }

    InFlight inFlight() {
        return inFlight;
    }

    /** A request was read. */
    void begin(final RequestHead head) {
        opcode = head.opcode();
        probed = Optional.empty();
        inFlight.begin(head.unique());
        inFlight.attach();
    }

    boolean is(final int wanted) {
        return opcode == wanted;
    }

    /** libfuse looked whether a name is free. */
    void probed(final String path) {
        probed = Optional.of(path);
    }

    /** Whether libfuse has looked, in this very request, whether a name is free. */
    boolean hasProbed(final String path) {
        return probed.filter(path::equals).isPresent();
    }

    Caller caller() {
        return caller(0);
    }

    /** With the umask that the kernel leaves to the file system. */
    Caller makingCaller() {
        return caller(context.umask.intValue());
    }

    private Caller caller(final int umask) {
        return new RequestCaller(context.uid.intValue(), context.gid.intValue(), context.pid.intValue(), umask, 0);
    }

    int answer(final Pointer to, final Attributes attributes) {
        stat.useMemory(to);
        stat.st_ino.set(attributes.inode());
        stat.st_mode.set(attributes.mode());
        stat.st_nlink.set(attributes.links());
        stat.st_uid.set(attributes.uid());
        stat.st_gid.set(attributes.gid());
        stat.st_rdev.set(Integer.toUnsignedLong(attributes.device()));
        stat.st_size.set(attributes.size());
        stat.st_blksize.set(Attributes.BLOCK_SIZE);
        stat.st_blocks.set(attributes.blocks());
        put(stat.st_atim, attributes.accessedNanos());
        put(stat.st_mtim, attributes.modifiedNanos());
        put(stat.st_ctim, attributes.changedNanos());
        return 0;
    }

    private static void put(final Timespec to, final long nanos) {
        to.tv_sec.set(KernelTime.seconds(nanos));
        to.tv_nsec.set(KernelTime.nanosOfSecond(nanos));
    }

    int answer(final Pointer to, final FileSystemStatistics of) {
        statvfs.useMemory(to);
        statvfs.f_bsize.set(Attributes.BLOCK_SIZE);
        statvfs.f_frsize.set(Attributes.BLOCK_SIZE);
        statvfs.f_blocks.set(of.blocks());
        statvfs.f_bfree.set(of.blocksFree());
        statvfs.f_bavail.set(of.blocksFree());
        statvfs.f_files.set(of.files());
        statvfs.f_ffree.set(of.filesFree());
        statvfs.f_favail.set(of.filesFree());
        statvfs.f_namemax.set(of.nameMax());
        return 0;
    }
}
