# The command, the library (one static archive a layer), its headers under tonewright/, and a CMake package.
include(CMakePackageConfigHelpers)
get_property(layers GLOBAL PROPERTY TONEWRIGHT_LAYERS)
list(REMOVE_ITEM layers tonewright_cli)  # the command itself, not for other programs

install(TARGETS ${layers} EXPORT tonewrightTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/tonewright)
if(TARGET tonewright)
    install(TARGETS tonewright RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/src/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/tonewright
        FILES_MATCHING PATTERN "*.h" PATTERN "cli" EXCLUDE)
install(EXPORT tonewrightTargets NAMESPACE tonewright:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/tonewright)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/tonewrightConfig.cmake.in ${PROJECT_BINARY_DIR}/tonewrightConfig.cmake
    INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/tonewright)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/tonewrightConfigVersion.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/tonewrightConfig.cmake ${PROJECT_BINARY_DIR}/tonewrightConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/tonewright)
