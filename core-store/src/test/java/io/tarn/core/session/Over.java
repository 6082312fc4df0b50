package io.tarn.core.session;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How the clients of a contract test reach their node. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface Over {
    /** What lies between. */
    enum Wire {
        NONE,
        TCP,
        UNIX
    }

    Wire value();
}
