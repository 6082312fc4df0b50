package io.tarn.core.kv;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** What RocksDB's errors mean to the callers of a store. */
final class RocksFailure {
    private RocksFailure() {}

    static StorageException of(final String action, final RocksDBException cause) {
        final Status status = cause.getStatus();
        return new StorageException(failure(status), action + ": " + cause.getMessage(), cause);
    }

    private static Failure failure(final Status status) {
        if (status == null) {
            return Failure.IO_ERROR;
        }
        if (status.getSubCode() == Status.SubCode.NoSpace) {
            return Failure.OUT_OF_SPACE;
        }
        return switch (status.getCode()) {
            case Corruption -> Failure.CORRUPT;
            case InvalidArgument, NotSupported -> Failure.INVALID_ARGUMENT;
            case ShutdownInProgress, Busy, TryAgain, TimedOut -> Failure.UNAVAILABLE;
            default -> Failure.IO_ERROR;
        };
    }
}
