package io.tarn.posix.jnr;

import io.tarn.posix.fs.FileSystem;
import io.tarn.posix.fuse.MountWish;
import io.tarn.posix.fuse.MountedDirectory;
import io.tarn.posix.fuse.SessionEnd;
import java.io.IOException;

/** A file system that is really mounted through libfuse. */
final class JnrMounted extends MountedDirectory {
    final JnrMount served;
    private final FileSystem fileSystem;

    JnrMounted(final FileSystem fileSystem, final String name) throws IOException {
        this.fileSystem = fileSystem;
        served = JnrMount.mount(
                MountWish.of(directory, name).forOthersToo().withPrivileges(), fileSystem, JnrOptions.DEFAULT);
    }

    @Override
    public SessionEnd await() throws InterruptedException {
        return served.await();
    }

    /** libfuse 2 answers {@code RENAME2} by {@code ENOSYS}. */
    @Override
    public boolean canExchange() {
        return false;
    }

    /** libfuse 2 answers {@code LSEEK} by {@code ENOSYS}, and the kernel takes all for data. */
    @Override
    public boolean canFindHoles() {
        return false;
    }

    @Override
    public void mountAgain() throws IOException {
        JnrMount.mount(MountWish.of(directory, "again"), fileSystem, JnrOptions.DEFAULT);
    }

    @Override
    protected void stop() {
        served.close();
    }
}
