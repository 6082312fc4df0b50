package io.tarn.s3.object;

import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectMeta;
import io.tarn.client.ObjectStore;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Changes what is kept beside an object's bytes by compare-and-set, again from a fresh look when somebody was faster. */
final class MetaChange {
    private static final int MAX_ATTEMPTS = 16;

    private MetaChange() {}

    static ObjectInfo apply(
            final ObjectStore objects, final Supplier<ObjectInfo> look, final UnaryOperator<ObjectMeta> change) {
        for (int attempt = 1; ; attempt++) {
            ObjectInfo object = look.get();
            try {
                return objects.setMeta(object, change.apply(object.meta()));
            } catch (StorageException failure) {
                if (failure.failure() != Failure.CONFLICT || attempt == MAX_ATTEMPTS) {
                    throw failure;
                }
            }
        }
    }
}
