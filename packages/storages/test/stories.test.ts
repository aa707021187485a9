import { memoryKv, memoryStorage } from '@fetch-dance/testing'
import { kvStorage } from 'fetch-dance/kv-storage'
import { tellStories } from './support/stories.ts'

tellStories('memoryStorage', () => memoryStorage())
tellStories('a storage over a Kv', () => kvStorage(memoryKv()))
const late = () => kvStorage({ ...memoryKv(), atomic: false })
tellStories('a storage over a Kv that is late', late, 'eventual')
