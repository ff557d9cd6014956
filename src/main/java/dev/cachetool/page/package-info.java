/**
 * What {@code inspect} answers, as one HTML file that needs nothing else: no network, no fonts, no other file. What the page
 * shows is computed in the browser, from the data that stands in it.
 *
 * <p>Terms: the <em>data</em> is the cache as compact JSON (see {@link dev.cachetool.page.PageData}); the
 * <em>frame</em> is what is the same in every page: markup, style and script, which are resources of this package.
 *
 * <p>May use {@code inspect} and {@code json}.
 */
@NullMarked
package dev.cachetool.page;

import org.jspecify.annotations.NullMarked;
